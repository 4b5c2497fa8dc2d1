package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.loss.PairLogProbs;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A preference loss over the log-probabilities of answers. A label that is right with probability p
 * gives the expected loss, {@code p·L(w, l) + (1−p)·L(l, w)}.
 *
 * @param loss the loss of a pair
 * @param uncertainLabels whether any label has a probability below 1
 */
record PreferenceObjective(PreferenceLoss loss, boolean uncertainLabels) implements Objective {

  private static final Dim PAIRS = Dim.symbol("pairs");

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Dim rows = labelLogProbs.dim(0);
    Value chosenTokens = matrix(ops.graph(), PreferenceRows.CHOSEN_TOKENS, rows);
    Value rejectedTokens = matrix(ops.graph(), PreferenceRows.REJECTED_TOKENS, rows);
    Value column = ops.reshape(labelLogProbs, rows, Dim.of(1));
    PairLogProbs pairs =
        new PairLogProbs(
            ops.reshape(ops.matMul(chosenTokens, column), PAIRS),
            ops.reshape(ops.matMul(rejectedTokens, column), PAIRS),
            vector(ops.graph(), PreferenceRows.REFERENCE_CHOSEN),
            vector(ops.graph(), PreferenceRows.REFERENCE_REJECTED),
            ops.sum(chosenTokens, 1),
            ops.sum(rejectedTokens, 1));
    Value losses = loss.losses(ops, pairs);
    Value probabilities = vector(ops.graph(), PreferenceRows.PROBABILITIES);
    if (uncertainLabels) {
      Value opposite = loss.losses(ops, pairs.swapped());
      Value rest = ops.sub(ops.constant(1), probabilities);
      losses = ops.add(ops.mul(probabilities, losses), ops.mul(rest, opposite));
    }
    Value weights = vector(ops.graph(), PreferenceRows.WEIGHTS);
    return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), metrics(ops, pairs));
  }

  private Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    Value chosen = ops.scale(pairs.chosenRatio(ops), loss.beta());
    Value rejected = ops.scale(pairs.rejectedRatio(ops), loss.beta());
    Value margin = ops.sub(chosen, rejected);
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("rewards/chosen", chosen);
    metrics.put("rewards/rejected", rejected);
    metrics.put("rewards/accuracies", ops.clamp(ops.scale(margin, 1e30), 0, 1));
    metrics.put("rewards/margins", margin);
    metrics.put("logps/chosen", pairs.policyChosen());
    metrics.put("logps/rejected", pairs.policyRejected());
    return metrics;
  }

  private static Value matrix(Graph graph, String name, Dim rows) {
    return graph.parameter(name, Shape.of(PAIRS, rows), false);
  }

  private static Value vector(Graph graph, String name) {
    return graph.parameter(name, Shape.of(PAIRS), false);
  }
}
