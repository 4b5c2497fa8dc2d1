package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How well a reward model agrees with held-out preferences. Intervals are at level 0.95. Pairs
 * whose label says nothing (probability one half) are left out, and counted as unscored in {@code
 * accuracy}.
 *
 * @param accuracy how often the preferred answer has the higher reward, equal rewards counted one
 *     half, with Wilson's interval
 * @param longerBaseline how often the preferred answer is the longer one, equal lengths counted one
 *     half, with Wilson's interval. An accuracy within this interval may be a preference for length
 * @param ties pairs with equal rewards
 * @param margin mean of the preferred answer's reward less the other's
 * @param reward mean reward of all answers, its error clustered by pair
 * @param rewardDeviation standard deviation of the rewards of all answers (divisor n − 1)
 * @param lengthPearson Pearson's correlation of reward and length over all answers; no value where
 *     one of them does not vary. The interval counts pairs, not answers
 * @param lengthSpearman Spearman's correlation of reward and length, likewise
 * @param reliability whether differences of rewards are probabilities
 * @param slices accuracies of groups of pairs: by name of the grouping and name of the group, in
 *     the order of appearance
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardEvaluation(
    Estimate accuracy,
    Estimate longerBaseline,
    long ties,
    Estimate margin,
    Estimate reward,
    double rewardDeviation,
    Estimate lengthPearson,
    Estimate lengthSpearman,
    Reliability reliability,
    Map<String, Map<String, Estimate>> slices) {

  /** Copies the slices. */
  public RewardEvaluation {
    ImmutableMap.Builder<String, Map<String, Estimate>> copy = ImmutableMap.builder();
    slices.forEach((name, groups) -> copy.put(name, ImmutableMap.copyOf(groups)));
    slices = copy.buildOrThrow();
  }
}
