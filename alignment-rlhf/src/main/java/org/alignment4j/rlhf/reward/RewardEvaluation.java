package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.ReliabilityTable;
import org.apiguardian.api.API;

/**
 * How well a reward model agrees with held-out preferences. Intervals are at level 0.95; those of
 * accuracies and means count the pairs of one prompt as dependent on each other, so that there is
 * none when all pairs have the same prompt. A pair whose label is right with probability p says
 * with p that {@code chosen} is the better answer and with 1 − p that {@code rejected} is, as in
 * training: every figure is the expectation over both, and a pair and its {@linkplain
 * org.alignment4j.api.reward.PreferencePair#swapped() swapped} form give the same. With uncertain
 * labels no model's accuracy reaches 1: see {@code accuracyCeiling}. Margins of pairs are not read.
 *
 * @param accuracy how often the better answer has the higher reward, equal rewards counted one
 *     half, with Wilson's interval at the effective number of pairs
 * @param accuracyCeiling the highest accuracy that any model can have on these labels, the mean of
 *     {@code max(p, 1 − p)}
 * @param longerBaseline the length baseline: how often the better answer is the longer one, equal
 *     lengths counted one half, with the same kind of interval. An accuracy within this interval
 *     may be a preference for length
 * @param ties pairs with equal rewards
 * @param margin mean of {@code (2p − 1)} times the difference of rewards, chosen less rejected
 * @param reward mean reward of all answers
 * @param rewardDeviation standard deviation of the rewards of all answers (divisor n − 1)
 * @param lengthPearson Pearson's correlation of reward and length over all answers, no value where
 *     one of them does not vary, with Fisher's interval, which counts prompts, not answers
 * @param lengthSpearman Spearman's correlation of reward and length, likewise
 * @param reliability whether differences of rewards mean what the model of Bradley and Terry says,
 *     that the answer with the higher reward is the better one with probability {@code σ(|r₁ −
 *     r₂|)}: those confidences in bins of equal width from ½ to 1 against how often it is
 * @param calibrationError the expected calibration error of those bins, {@code Σ_b n_b/n ·
 *     |accuracy_b − confidence_b|}, with a basic bootstrap interval over prompts. It is never
 *     negative and that of a calibrated model above 0, the more so the fewer the pairs, so that an
 *     interval that reaches 0 is no sign of a fault
 * @param slices accuracies of groups of pairs: by name of the grouping and name of the group, in
 *     the order of appearance
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardEvaluation(
    Estimate accuracy,
    double accuracyCeiling,
    Estimate longerBaseline,
    long ties,
    Estimate margin,
    Estimate reward,
    double rewardDeviation,
    Estimate lengthPearson,
    Estimate lengthSpearman,
    ReliabilityTable reliability,
    Estimate calibrationError,
    Map<String, Map<String, Estimate>> slices) {

  /** Copies the slices. */
  public RewardEvaluation {
    ImmutableMap.Builder<String, Map<String, Estimate>> copy = ImmutableMap.builder();
    slices.forEach((name, groups) -> copy.put(name, ImmutableMap.copyOf(groups)));
    slices = copy.buildOrThrow();
  }
}
