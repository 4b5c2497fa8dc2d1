package org.alignment4j.rlhf.reward;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

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

  private final ToIntFunction<PromptCompletion> lengths;
  private final int bins;
  private final Map<String, Function<PreferencePair, String>> groupings;

  private RewardEvaluator(
      ToIntFunction<PromptCompletion> lengths,
      int bins,
      Map<String, Function<PreferencePair, String>> groupings) {
    this.lengths = lengths;
    this.bins = bins;
    this.groupings = ImmutableMap.copyOf(groupings);
  }

  /**
   * Returns an evaluator that measures answers in characters (Unicode code points) and calibration
   * in ten bins.
   *
   * @return the evaluator
   */
  public static RewardEvaluator create() {
    return new RewardEvaluator(
        a -> a.completion().codePointCount(0, a.completion().length()), DEFAULT_BINS, Map.of());
  }

  /**
   * Returns an evaluator that measures answers otherwise, such as by {@link
   * TrainedRewardModel#answerTokens}.
   *
   * @param length length of an answer
   * @return a new evaluator
   */
  public RewardEvaluator lengths(ToIntFunction<PromptCompletion> length) {
    return new RewardEvaluator(length, bins, groupings);
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
    return new RewardEvaluator(lengths, count, groupings);
  }

  /**
   * Returns an evaluator that also gives the accuracy on each group of pairs.
   *
   * @param name what the grouping is called
   * @param group names the group of a pair
   * @return a new evaluator
   */
  public RewardEvaluator slice(String name, Function<PreferencePair, String> group) {
    Map<String, Function<PreferencePair, String>> more = new LinkedHashMap<>(groupings);
    more.put(name, group);
    return new RewardEvaluator(lengths, bins, more);
  }

  /**
   * Evaluates a reward model.
   *
   * @param model what scores
   * @param heldOut pairs it was not trained on; of a pair whose label is more likely wrong than
   *     right, the other answer is taken to be the preferred one
   * @return the evaluation
   * @throws IllegalArgumentException when no pair has a label that says something, or an answer
   *     does not fit the model
   */
  public RewardEvaluation evaluate(RewardModel model, List<? extends PreferencePair> heldOut) {
    return evaluate(model, heldOut, CancellationToken.none());
  }

  /**
   * Evaluates a reward model.
   *
   * @param model what scores
   * @param heldOut pairs it was not trained on; of a pair whose label is more likely wrong than
   *     right, the other answer is taken to be the preferred one
   * @param cancellation asks to stop at the next batch
   * @return the evaluation
   * @throws IllegalArgumentException when no pair has a label that says something, or an answer
   *     does not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public RewardEvaluation evaluate(
      RewardModel model, List<? extends PreferencePair> heldOut, CancellationToken cancellation) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (PreferencePair pair : heldOut) {
      if (pair.probability() != 0.5) {
        pairs.add(pair.probability() < 0.5 ? pair.swapped() : pair);
      }
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "heldOut must hold at least one pair with a probability other than 0.5 but none of "
              + heldOut.size()
              + " has one");
    }
    List<PromptCompletion> answers = new ArrayList<>();
    for (PreferencePair pair : pairs) {
      answers.add(pair.chosenCompletion());
      answers.add(pair.rejectedCompletion());
    }
    double[] rewards =
        model.score(answers, cancellation).stream().mapToDouble(Reward::value).toArray();
    double[] sizes = answers.stream().mapToDouble(a -> lengths.applyAsInt(a)).toArray();
    return of(pairs, rewards, sizes, heldOut.size() - pairs.size());
  }

  private RewardEvaluation of(
      List<PreferencePair> pairs, double[] rewards, double[] sizes, int unscored) {
    int n = pairs.size();
    double[] margins = differences(rewards);
    int[] clusters = new int[2 * n];
    Arrays.setAll(clusters, i -> i / 2);
    Map<String, Map<String, Estimate>> slices = new LinkedHashMap<>();
    groupings.forEach((name, group) -> slices.put(name, accuracies(pairs, margins, group)));
    return new RewardEvaluation(
        Estimates.withMissing(PairAccuracy.of(margins), unscored, 0),
        PairAccuracy.of(differences(sizes)),
        Arrays.stream(margins).filter(m -> m == 0).count(),
        Estimates.mean(margins),
        Estimates.clusteredMean(rewards, clusters),
        deviation(rewards),
        LengthCorrelation.pearson(rewards, sizes, n),
        LengthCorrelation.spearman(rewards, sizes, n),
        Reliability.of(margins, bins),
        slices);
  }

  /** First less second of each pair of values. */
  private static double[] differences(double[] values) {
    double[] differences = new double[values.length / 2];
    Arrays.setAll(differences, i -> values[2 * i] - values[2 * i + 1]);
    return differences;
  }

  private static double deviation(double[] values) {
    double mean = LengthCorrelation.mean(values);
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    return Math.sqrt(squares / (values.length - 1));
  }

  private static Map<String, Estimate> accuracies(
      List<PreferencePair> pairs, double[] margins, Function<PreferencePair, String> group) {
    Map<String, List<Double>> byGroup = new LinkedHashMap<>();
    for (int i = 0; i < margins.length; i++) {
      byGroup.computeIfAbsent(group.apply(pairs.get(i)), g -> new ArrayList<>()).add(margins[i]);
    }
    Map<String, Estimate> accuracies = new LinkedHashMap<>();
    byGroup.forEach(
        (name, own) ->
            accuracies.put(
                name, PairAccuracy.of(own.stream().mapToDouble(Double::doubleValue).toArray())));
    return accuracies;
  }
}
