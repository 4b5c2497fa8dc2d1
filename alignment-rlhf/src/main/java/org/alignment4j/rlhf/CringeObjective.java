package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.CringeRows;
import org.alignment4j.rlhf.loss.CringeLoss;
import org.alignment4j.rlhf.loss.CringeLoss.Positives;
import org.alignment4j.rlhf.loss.PairGate;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.HeadDistribution;
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
    Value leads = leads(ops, labelLogProbs);
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

  /** {@code log π(bad) − log π(other)} of each contrast. */
  private Value leads(Ops ops, Value labelLogProbs) {
    if (loss.positives() == Positives.RAISED) {
      return sums(ops, CringeRows.CONTRASTS, CONTRASTS, labelLogProbs);
    }
    // A difference of logits: those of other tokens than the bad one are not to move at all.
    Value logits = HeadDistribution.of(ops, labelLogProbs).labelLogits();
    Value signs = matrix(ops, CringeRows.CONTRASTS, CONTRASTS, labelLogProbs);
    Value bad = ops.relu(signs);
    Value other = ops.sub(signs, bad);
    return ops.add(
        times(ops, bad, CONTRASTS, logits), times(ops, other, CONTRASTS, ops.detached(logits)));
  }

  private static Value matrix(Ops ops, String name, Dim count, Value vector) {
    return ops.graph().parameter(name, Shape.of(count, vector.dim(0)), false);
  }

  /** A matrix that is an input, times a vector. */
  private static Value sums(Ops ops, String name, Dim count, Value vector) {
    return times(ops, matrix(ops, name, count, vector), count, vector);
  }

  private static Value times(Ops ops, Value matrix, Dim count, Value vector) {
    Value column = ops.reshape(vector, vector.dim(0), Dim.of(1));
    return ops.reshape(ops.matMul(matrix, column), count);
  }
}
