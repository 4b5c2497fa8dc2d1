package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.UnpairedRows;
import org.alignment4j.rlhf.loss.UnpairedLogProbs;
import org.alignment4j.rlhf.loss.UnpairedLoss;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A loss over the log-probabilities of single answers, laid out by {@link UnpairedRows}. Metrics of
 * good and bad answers are means over those of the update.
 *
 * @param loss the loss of an answer
 */
record UnpairedObjective(UnpairedLoss loss) implements Objective {

  private static final Dim EXAMPLES = Dim.symbol("examples");

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Graph graph = ops.graph();
    Dim rows = labelLogProbs.dim(0);
    Value tokens = graph.parameter(UnpairedRows.ANSWER_TOKENS, Shape.of(EXAMPLES, rows), false);
    Value column = ops.reshape(labelLogProbs, rows, Dim.of(1));
    Value policy = ops.reshape(ops.matMul(tokens, column), EXAMPLES);
    UnpairedLogProbs answers =
        new UnpairedLogProbs(
            policy,
            vector(graph, UnpairedRows.REFERENCE),
            vector(graph, UnpairedRows.DESIRABLE),
            graph.parameter(UnpairedRows.REFERENCE_POINT, Shape.of(1), false));
    Value weights = vector(graph, UnpairedRows.WEIGHTS);
    Value losses = loss.losses(ops, answers);
    return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), metrics(ops, answers));
  }

  private Map<String, Value> metrics(Ops ops, UnpairedLogProbs answers) {
    Value good = vector(ops.graph(), UnpairedRows.DESIRABLE_SHARES);
    Value bad = vector(ops.graph(), UnpairedRows.UNDESIRABLE_SHARES);
    Value rewards = ops.scale(answers.ratios(ops), loss.beta());
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("rewards/chosen", ops.mul(rewards, good));
    metrics.put("rewards/rejected", ops.mul(rewards, bad));
    metrics.put("rewards/margins", ops.mul(rewards, ops.sub(good, bad)));
    metrics.put("logps/chosen", ops.mul(answers.policy(), good));
    metrics.put("logps/rejected", ops.mul(answers.policy(), bad));
    return metrics;
  }

  private static Value vector(Graph graph, String name) {
    return graph.parameter(name, Shape.of(EXAMPLES), false);
  }
}
