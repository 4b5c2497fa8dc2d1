package org.alignment4j.rlhf;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.alignment4j.rlhf.selection.BestPerPrompt;
import org.alignment4j.rlhf.selection.KlAware;
import org.alignment4j.rlhf.selection.Selection;
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
  private boolean unpaired;
  private boolean indifferent;

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

  /** Says what there is to say of the answers of a step that becomes pairs, and of these. */
  void paired(long step, SampledStep sampled, OnlinePairs pairs) {
    double share = sampled.truncatedShare();
    cut(step, share, OnlineReport.ENDED, 1 - share).forEach(LOG::warn);
    unpaired(step, pairs).forEach(LOG::warn);
  }

  /** Says what there is to say of the answers of an iteration that some are selected of. */
  void sampled(long iteration, SampledStep sampled, SequenceRewards rewards, Selection selection) {
    double share = sampled.truncatedShare();
    cut(iteration, share, StepMetrics.CUT, share).forEach(LOG::warn);
    indifferent(iteration, rewards, sampled.groups(), selection).forEach(LOG::warn);
  }

  /** Prompts none of which gives a pair, once. */
  List<String> unpaired(long step, OnlinePairs pairs) {
    if (unpaired || !pairs.pairs().isEmpty()) {
      return List.of();
    }
    unpaired = true;
    return List.of(
        ("pairs/kept was 0 at step %s, which changes nothing: the best and the worst answer score"
                + " the same for %s of the prompts and are the same tokens for %s, and fewer than"
                + " two answers have a score for %s; see that the reward or judge tells answers"
                + " apart, or sample hotter or more of each prompt (this is said once)")
            .formatted(step, pairs.ties(), pairs.identical(), pairs.unscored()));
  }

  /** Rewards that a selection finds no difference in, once. */
  List<String> indifferent(
      long iteration, SequenceRewards rewards, Groups groups, Selection selection) {
    boolean perPrompt = perPrompt(selection);
    if (indifferent || !(perPrompt ? equalInGroups(rewards, groups) : equal(rewards))) {
      return List.of();
    }
    indifferent = true;
    return List.of(
        ("the rewards of all answers%s were equal in iteration %s, so that they select nothing; see"
                + " that prompts are neither too hard nor too easy and that the reward tells"
                + " answers apart, or sample hotter or more of each prompt (this is said once)")
            .formatted(perPrompt ? " to each prompt" : "", iteration));
  }

  private static boolean perPrompt(Selection selection) {
    return selection instanceof KlAware aware
        ? perPrompt(aware.selection())
        : selection instanceof BestPerPrompt;
  }

  private static boolean equalInGroups(SequenceRewards rewards, Groups groups) {
    return RewardMetrics.withoutDeviation(rewards, groups).orElse(0) >= 1;
  }

  private static boolean equal(SequenceRewards rewards) {
    double[] totals = rewards.totals();
    double[] present =
        IntStream.range(0, totals.length)
            .filter(rewards::present)
            .mapToDouble(i -> totals[i])
            .toArray();
    return present.length > 1 && Arrays.stream(present).allMatch(r -> r == present[0]);
  }

  /** Completions most of which end at the limit rather than by themselves, once. */
  List<String> cut(long step, Map<String, Double> metrics) {
    double share = metrics.getOrDefault(StepMetrics.CUT, 0.0);
    return cut(step, share, StepMetrics.CUT, share);
  }

  private List<String> cut(long step, double share, String metric, double value) {
    if (cut || !(share > CUT)) {
      return List.of();
    }
    cut = true;
    return List.of(
        ("%s was %s at step %s: most completions are cut at the limit of tokens and rewarded for"
                + " what they do not end; allow more tokens by RolloutOptions, or see that the"
                + " model ends its answers (this is said once)")
            .formatted(metric, value, step));
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
