package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.CringeRows;
import org.alignment4j.rlhf.loss.CringeLoss;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;
import org.jspecify.annotations.Nullable;

/**
 * The Cringe loss over rows laid out by {@link CringeRows}. Metrics are sums over the tokens of
 * each example, {@code [examples]}.
 *
 * @param loss α
 * @param gate switches pairs off; null for single answers
 */
record CringeObjective(CringeLoss loss, @Nullable PairGate gate) implements Objective {

  static final String NLL = "nll";
  static final String CRINGE = "cringe";
  static final String GATE = "gate";
  static final String GOOD = "logps/chosen";
  static final String BAD = "logps/rejected";

  private static final Dim EXAMPLES = Dim.symbol("examples");
  private static final Dim CONTRASTS = Dim.symbol("contrasts");

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Value good = sums(ops, CringeRows.GOOD, EXAMPLES, labelLogProbs);
    Value bad = sums(ops, CringeRows.BAD, EXAMPLES, labelLogProbs);
    Value leads = sums(ops, CringeRows.CONTRASTS, CONTRASTS, labelLogProbs);
    Value contrasts = sums(ops, CringeRows.OWNERS, EXAMPLES, CringeLoss.contrast(ops, leads));
    Value losses = ops.add(ops.neg(good), ops.scale(contrasts, loss.alpha()));
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put(NLL, ops.neg(good));
    metrics.put(CRINGE, contrasts);
    metrics.put(GOOD, good);
    metrics.put(BAD, bad);
    if (gate != null) {
      Value gates = gate.gates(ops, ops.sub(good, bad));
      losses = ops.mul(gates, losses);
      metrics.put(GATE, gates);
    }
    Value weights = ops.graph().parameter(CringeRows.WEIGHTS, Shape.of(EXAMPLES), false);
    return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), metrics);
  }

  /** A matrix that is an input, times a vector. */
  private static Value sums(Ops ops, String name, Dim count, Value vector) {
    Graph graph = ops.graph();
    Value matrix = graph.parameter(name, Shape.of(count, vector.dim(0)), false);
    Value column = ops.reshape(vector, vector.dim(0), Dim.of(1));
    return ops.reshape(ops.matMul(matrix, column), count);
  }
}
