package org.alignment4j.rlhf;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run says of its steps where they go well and yet do not do what their user hopes, each
 * once. One a run; not thread-safe.
 */
final class RolloutWarnings {

  /**
   * Nats a token that the sampler's log-probabilities may lie from the trainer's on average. One
   * engine that does both differs by less than 1e-4, which is rounding.
   */
  static final double MISMATCH = 1e-3;

  /** Share of completions cut at the limit beyond which answers are not seen whole. */
  static final double CUT = 0.5;

  private static final Logger LOG = LoggerFactory.getLogger(RolloutWarnings.class);

  private final Set<String> applied;
  private boolean heard;
  private boolean cut;
  private boolean equal;

  /**
   * Has said nothing.
   *
   * @param rewards whose functions should apply
   * @param corrected whether losses are corrected for samples of another policy
   */
  RolloutWarnings(PolicyRewards rewards, boolean corrected) {
    this.applied =
        rewards.functions().stream().map(f -> f.function().name()).collect(Collectors.toSet());
    this.heard = corrected;
  }

  /** Says what there is to say of the rewards of a step. */
  void rewarded(long step, SequenceRewards rewards) {
    silent(step, rewards).forEach(LOG::warn);
  }

  /** Says what there is to say of the metrics of a step. */
  void measured(long step, Map<String, Double> metrics) {
    mismatched(step, metrics).forEach(LOG::warn);
    cut(step, metrics).forEach(LOG::warn);
    equal(step, metrics).forEach(LOG::warn);
  }

  /** Completions most of which end at the limit rather than by themselves, once. */
  List<String> cut(long step, Map<String, Double> metrics) {
    double share = metrics.getOrDefault(StepMetrics.CUT, 0.0);
    if (cut || !(share > CUT)) {
      return List.of();
    }
    cut = true;
    return List.of(
        ("%s was %s at step %s: most completions are cut at the limit of tokens and rewarded for"
                + " what they do not end; allow more tokens by RolloutOptions, or see that the"
                + " model ends its answers (this is said once)")
            .formatted(StepMetrics.CUT, share, step));
  }

  /** Groups none of which has rewards that differ, once. */
  List<String> equal(long step, Map<String, Double> metrics) {
    double share = metrics.getOrDefault(StepMetrics.EQUAL, 0.0);
    if (equal || share < 1) {
      return List.of();
    }
    equal = true;
    return List.of(
        ("%s was 1 at step %s: the rewards within each group are equal, so that nothing is learned"
                + " from them; see that prompts are neither too hard nor too easy, sample hotter"
                + " or in larger groups, or resample by DAPO's dynamic sampling (this is said"
                + " once)")
            .formatted(StepMetrics.EQUAL, step));
  }

  /** Functions that had no opinion of any completion, once each. */
  List<String> silent(long step, SequenceRewards rewards) {
    Set<String> silent =
        rewards.components().stream()
            .filter(c -> c.values().stream().allMatch(Objects::isNull))
            .map(c -> c.name())
            .collect(Collectors.toCollection(HashSet::new));
    silent.retainAll(applied);
    applied.removeAll(silent);
    return silent.stream()
        .sorted()
        .map(
            name ->
                ("reward '%s' applied to none of the %s completions of step %s and taught nothing"
                        + " there; see that it applies to these prompts (this is said once of each"
                        + " reward)")
                    .formatted(name, rewards.sequences(), step))
        .toList();
  }

  /** A sampler that is another policy than the one that learns, once. */
  List<String> mismatched(long step, Map<String, Double> metrics) {
    double mean = metrics.getOrDefault(StepMetrics.MISMATCH, 0.0);
    if (heard || !(mean > MISMATCH)) {
      return List.of();
    }
    heard = true;
    return List.of(
        ("%s must be at most %s where completions are of the policy that learns but was %s at"
                + " step %s: updates are biased; sample from the present policy at the"
                + " temperature of the training, or correct for the difference by"
                + " PolicyUpdates.withCorrection, such as OffPolicyCorrection.truncated(3) (this"
                + " is said once)")
            .formatted(StepMetrics.MISMATCH, MISMATCH, mean, step));
  }
}
