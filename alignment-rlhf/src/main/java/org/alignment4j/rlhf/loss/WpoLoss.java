package org.alignment4j.rlhf.loss;

import java.util.Map;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Weighted preference optimisation (Zhou et al. 2024, arXiv 2406.11827): a preference loss times
 * {@code w(y_w)·w(y_l)}, so that pairs the policy would hardly write itself count less. Here {@code
 * w(y) = exp(mean_t log π(y_t))}, the paper's weight without alignment; its alignments divide each
 * token's probability by the largest of its position or, as its sampled one does, by the sum of
 * squares over the vocabulary; that one is {@code PairWeighting.PRESENT_POLICY} of the trainer of
 * preferences. No gradient flows through the weights, which lie in (0, 1].
 *
 * @param preference a loss of single pairs
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WpoLoss(PreferenceLoss preference) implements PreferenceLoss {

  /**
   * Checks the loss.
   *
   * @throws IllegalArgumentException when it is not one of single pairs, or has such weights
   */
  public WpoLoss {
    if (preference.inputs().contains(PairInput.WHOLE_UPDATE) || preference instanceof WpoLoss) {
      throw new IllegalArgumentException(
          "preference must be a loss of single pairs without weights but was " + preference);
    }
  }

  @Override
  public double beta() {
    return preference.beta();
  }

  @Override
  public Set<PairInput> inputs() {
    return preference.inputs();
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return preference.reward(ops, pairs);
  }

  @Override
  public Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    return preference.metrics(ops, pairs);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value weights = ops.exp(ops.add(pairs.chosenMean(ops), pairs.rejectedMean(ops)));
    return ops.mul(ops.detached(weights), preference.losses(ops, pairs));
  }
}
