package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Binning;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Correlation;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.PairwiseAccuracy;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Diagnostics of reward models on held-out preferences. Immutable.
 *
 * <pre>{@code
 * RewardEvaluation e =
 *     RewardEvaluator.create().slice("topic", topics::of).evaluate(rewards, heldOut);
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RewardEvaluator {

  private static final int DEFAULT_BINS = 10;
  private static final Bootstrap DEFAULT_BOOTSTRAP =
      new Bootstrap(1000, 0, Estimates.DEFAULT_CONFIDENCE);

  private final ToIntFunction<PromptCompletion> lengths;
  private final int bins;
  private final Bootstrap bootstrap;
  private final Map<String, Function<PreferencePair, String>> groupings;

  private RewardEvaluator(
      ToIntFunction<PromptCompletion> lengths,
      int bins,
      Bootstrap bootstrap,
      Map<String, Function<PreferencePair, String>> groupings) {
    this.lengths = lengths;
    this.bins = bins;
    this.bootstrap = bootstrap;
    this.groupings = ImmutableMap.copyOf(groupings);
  }

  /**
   * Returns an evaluator that measures answers in characters (Unicode code points) and calibration
   * in ten bins, with an interval of 1000 resamples with seed 0 at level 0.95.
   *
   * @return the evaluator
   */
  public static RewardEvaluator create() {
    return new RewardEvaluator(
        a -> a.completion().codePointCount(0, a.completion().length()),
        DEFAULT_BINS,
        DEFAULT_BOOTSTRAP,
        Map.of());
  }

  /**
   * Returns an evaluator that measures answers otherwise, such as by {@link
   * TrainedRewardModel#answerTokens}.
   *
   * @param length length of an answer
   * @return a new evaluator
   */
  public RewardEvaluator lengths(ToIntFunction<PromptCompletion> length) {
    return new RewardEvaluator(length, bins, bootstrap, groupings);
  }

  /**
   * Returns an evaluator with another number of bins of confidence.
   *
   * @param count at least 1
   * @return a new evaluator
   * @throws IllegalArgumentException when the number is below 1
   */
  public RewardEvaluator bins(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("bins must be at least 1 but was " + count);
    }
    return new RewardEvaluator(lengths, count, bootstrap, groupings);
  }

  /**
   * Returns an evaluator that draws the interval of the calibration error otherwise. Prompts are
   * drawn, each with all its pairs.
   *
   * @param resampling number of resamples, seed and level
   * @return a new evaluator
   */
  public RewardEvaluator bootstrap(Bootstrap resampling) {
    return new RewardEvaluator(
        lengths, bins, Objects.requireNonNull(resampling, "resampling"), groupings);
  }

  /**
   * Returns an evaluator that also gives the accuracy on each group of pairs.
   *
   * @param name what the grouping is called
   * @param group names the group of a pair, never null
   * @return a new evaluator
   */
  public RewardEvaluator slice(String name, Function<PreferencePair, String> group) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(group, "group");
    Map<String, Function<PreferencePair, String>> more = new LinkedHashMap<>(groupings);
    more.put(name, group);
    return new RewardEvaluator(lengths, bins, bootstrap, more);
  }

  /**
   * Evaluates a reward model.
   *
   * @param model what scores
   * @param heldOut pairs it was not trained on
   * @return the evaluation
   * @throws IllegalArgumentException when no pair has a label that says something, an answer does
   *     not fit the model, or a grouping names no group for a pair
   */
  public RewardEvaluation evaluate(RewardModel model, List<? extends PreferencePair> heldOut) {
    return evaluate(model, heldOut, CancellationToken.none());
  }

  /**
   * Evaluates a reward model.
   *
   * @param model what scores
   * @param heldOut pairs it was not trained on
   * @param cancellation asks to stop at the next batch
   * @return the evaluation
   * @throws IllegalArgumentException when no pair has a label that says something, an answer does
   *     not fit the model, or a grouping names no group for a pair
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public RewardEvaluation evaluate(
      RewardModel model, List<? extends PreferencePair> heldOut, CancellationToken cancellation) {
    if (heldOut.stream().allMatch(pair -> pair.probability() == 0.5)) {
      throw new IllegalArgumentException(
          "heldOut must hold at least one pair with a probability other than 0.5 but none of "
              + heldOut.size()
              + " has one");
    }
    List<PromptCompletion> answers = new ArrayList<>();
    for (PreferencePair pair : heldOut) {
      answers.add(pair.chosenCompletion());
      answers.add(pair.rejectedCompletion());
    }
    double[] rewards = Members.scores(model.id(), model, answers, cancellation);
    double[] sizes = answers.stream().mapToDouble(a -> lengths.applyAsInt(a)).toArray();
    return of(heldOut, rewards, sizes);
  }

  private RewardEvaluation of(
      List<? extends PreferencePair> pairs, double[] rewards, double[] sizes) {
    double[] differences = differences(rewards);
    double[] probabilities = pairs.stream().mapToDouble(PreferencePair::probability).toArray();
    double[] margins = new double[differences.length];
    Arrays.setAll(margins, i -> (2 * probabilities[i] - 1) * differences[i]);
    int[] prompts = prompts(pairs);
    int[] ofAnswers = new int[rewards.length];
    Arrays.setAll(ofAnswers, i -> prompts[i / 2]);
    Map<String, Map<String, Estimate>> slices = new LinkedHashMap<>();
    groupings.forEach(
        (name, group) ->
            slices.put(
                name, accuracies(differences, probabilities, prompts, groups(name, pairs, group))));
    CalibrationError calibration = calibration(differences, probabilities);
    return new RewardEvaluation(
        PairwiseAccuracy.of(differences, probabilities, prompts),
        PairwiseAccuracy.ceiling(probabilities),
        PairwiseAccuracy.of(differences(sizes), probabilities, prompts),
        Arrays.stream(differences).filter(d -> d == 0).count(),
        Estimates.clusteredMean(margins, prompts),
        Estimates.clusteredMean(rewards, ofAnswers),
        Estimates.mean(rewards).standardError() * Math.sqrt(rewards.length),
        correlation(Correlation.PEARSON, rewards, sizes, ofAnswers),
        correlation(Correlation.SPEARMAN, rewards, sizes, ofAnswers),
        calibration.table(),
        calibration.estimate(prompts, bootstrap),
        slices);
  }

  /** Prompts as numbers, equal for equal prompts. */
  private static int[] prompts(List<? extends PreferencePair> pairs) {
    Map<Prompt, Integer> numbers = new HashMap<>();
    return pairs.stream()
        .mapToInt(pair -> numbers.computeIfAbsent(pair.prompt(), p -> numbers.size()))
        .toArray();
  }

  /** First less second of each pair of values. */
  private static double[] differences(double[] values) {
    double[] differences = new double[values.length / 2];
    Arrays.setAll(differences, i -> values[2 * i] - values[2 * i + 1]);
    return differences;
  }

  private static Estimate correlation(
      Correlation correlation, double[] rewards, double[] sizes, int[] clusters) {
    if (!varies(rewards) || !varies(sizes)) {
      return Estimates.withMissing(Estimates.proportion(0, 0), rewards.length, 0);
    }
    return correlation.clustered(rewards, sizes, clusters, Estimates.DEFAULT_CONFIDENCE);
  }

  private static boolean varies(double[] values) {
    return Arrays.stream(values).anyMatch(v -> v != values[0]);
  }

  private CalibrationError calibration(double[] differences, double[] probabilities) {
    double[] confidences =
        Arrays.stream(differences).map(d -> 1 / (1 + Math.exp(-Math.abs(d)))).toArray();
    double[] outcomes = PairwiseAccuracy.outcomes(differences, probabilities);
    return new CalibrationError(confidences, outcomes, Binning.equalWidth(0.5, bins));
  }

  private static List<String> groups(
      String name,
      List<? extends PreferencePair> pairs,
      Function<? super PreferencePair, ? extends @Nullable String> grouping) {
    List<String> groups = new ArrayList<>();
    for (PreferencePair pair : pairs) {
      String group = grouping.apply(pair);
      if (group == null) {
        throw new IllegalArgumentException(
            "grouping '"
                + name
                + "' must name a group for every pair but gave null for pair "
                + groups.size()
                + "; name one for the pairs that belong to none, such as \"other\"");
      }
      groups.add(group);
    }
    return groups;
  }

  private static Map<String, Estimate> accuracies(
      double[] differences, double[] probabilities, int[] prompts, List<String> groups) {
    Map<String, List<Integer>> byGroup = new LinkedHashMap<>();
    for (int i = 0; i < differences.length; i++) {
      byGroup.computeIfAbsent(groups.get(i), g -> new ArrayList<>()).add(i);
    }
    Map<String, Estimate> accuracies = new LinkedHashMap<>();
    byGroup.forEach(
        (name, own) ->
            accuracies.put(
                name,
                PairwiseAccuracy.of(
                    own.stream().mapToDouble(i -> differences[i]).toArray(),
                    own.stream().mapToDouble(i -> probabilities[i]).toArray(),
                    own.stream().mapToInt(i -> prompts[i]).toArray())));
    return accuracies;
  }
}
