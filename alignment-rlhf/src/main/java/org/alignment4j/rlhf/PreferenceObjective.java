package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.loss.PairLogProbs;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A preference loss over the log-probabilities of answers. A label that is right with probability p
 * gives the expected loss, {@code p·L(w, l) + (1−p)·L(l, w)}. Metrics are expectations over the
 * labels too: {@code chosen} is the answer that is better, whichever that is, so that a pair and
 * the swapped pair with 1 − p give the same numbers.
 *
 * @param loss the loss of a pair
 * @param uncertainLabels whether any label has a probability below 1
 */
record PreferenceObjective(PreferenceLoss loss, boolean uncertainLabels) implements Objective {

  /** Makes the sign of any difference ±1 in float32. */
  private static final double STEEP = 1e30;

  /**
   * What rounding may add to a difference of log ratios, per nat and per token of both answers: a
   * few units of float32. Reference and policy are computed in rows of other lengths and summed in
   * other orders, so that equal models do not give exactly 0, near which rewards rise by at most β
   * per nat. Without reference both answers are computed alike, and only equal rewards are a tie.
   */
  private static final double ROUNDING = 0x1p-20;

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    PairLogProbs pairs = new PairParameters(ops, labelLogProbs, loss.inputs()).pairs();
    Value losses = loss.losses(ops, pairs);
    Value probabilities = PairParameters.vector(ops.graph(), PreferenceRows.PROBABILITIES);
    if (uncertainLabels) {
      Value opposite = loss.losses(ops, pairs.swapped());
      Value rest = ops.sub(ops.constant(1), probabilities);
      losses = ops.add(ops.mul(probabilities, losses), ops.mul(rest, opposite));
    }
    Value weights = PairParameters.vector(ops.graph(), PreferenceRows.WEIGHTS);
    return new ObjectiveGraph(
        ops.sumAll(ops.mul(losses, weights)), metrics(ops, pairs, probabilities));
  }

  private Map<String, Value> metrics(Ops ops, PairLogProbs pairs, Value probabilities) {
    // 1 for a certain label, −1 for one that is certainly the other way round
    Value belief = ops.shift(ops.scale(probabilities, 2), -1);
    PairLogProbs swapped = pairs.swapped();
    Value first = loss.reward(ops, pairs);
    Value second = loss.reward(ops, swapped);
    Value difference = ops.sub(first, second);
    Value agreement = ops.mul(belief, sign(ops, pairs, difference));
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("rewards/chosen", expected(ops, probabilities, first, second));
    metrics.put("rewards/rejected", expected(ops, probabilities, second, first));
    metrics.put("rewards/accuracies", ops.shift(ops.scale(agreement, 0.5), 0.5));
    metrics.put("rewards/margins", ops.mul(belief, difference));
    metrics.put(
        "logps/chosen", expected(ops, probabilities, pairs.policyChosen(), pairs.policyRejected()));
    metrics.put(
        "logps/rejected",
        expected(ops, probabilities, pairs.policyRejected(), pairs.policyChosen()));
    metrics.put(
        "lengths/chosen",
        expected(ops, probabilities, pairs.chosenLengths(), pairs.rejectedLengths()));
    metrics.put(
        "lengths/rejected",
        expected(ops, probabilities, pairs.rejectedLengths(), pairs.chosenLengths()));
    Map<String, Value> opposite = uncertainLabels ? loss.metrics(ops, swapped) : Map.of();
    loss.metrics(ops, pairs)
        .forEach(
            (name, value) ->
                metrics.put(
                    name, expected(ops, probabilities, value, opposite.getOrDefault(name, value))));
    return metrics;
  }

  private Value expected(Ops ops, Value probabilities, Value likely, Value other) {
    if (!uncertainLabels) {
      return likely;
    }
    Value rest = ops.sub(ops.constant(1), probabilities);
    return ops.add(ops.mul(probabilities, likely), ops.mul(rest, other));
  }

  /** ±1, and 0 for a difference that is none, or that rounding explains. */
  private Value sign(Ops ops, PairLogProbs pairs, Value difference) {
    if (!loss.usesReference()) {
      return ops.clamp(ops.scale(difference, STEEP), -1, 1);
    }
    Value nats = ops.add(ops.abs(pairs.policyChosen()), ops.abs(pairs.policyRejected()));
    Value tokens = ops.add(pairs.chosenLengths(), pairs.rejectedLengths());
    Value tie = ops.scale(ops.add(nats, tokens), loss.beta() * ROUNDING);
    Value inside = ops.max(ops.min(difference, tie), ops.neg(tie));
    return ops.clamp(ops.scale(ops.sub(difference, inside), STEEP), -1, 1);
  }
}
