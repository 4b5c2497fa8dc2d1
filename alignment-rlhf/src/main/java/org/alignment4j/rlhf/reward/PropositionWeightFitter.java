package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * Fits the weights of a {@link RuleBasedReward} (Mu et al. 2024, arXiv 2411.01111, section 4.2):
 * over pairs of completions of one prompt of which one is better, the mean of {@code relu(μ·margin
 * + R(worse) − R(better))} is made small, where R is the reward model's reward and the weighted sum
 * of propositions, and the margin is the difference of the completions' qualities. It is convex in
 * the weights and 0 where every pair is apart by its margin.
 *
 * <p>AdamW from weights of 0 over all pairs at once; the weights of least loss on the way are kept.
 * A share of the prompts is held out. Immutable and thread-safe; the same seed gives the same
 * weights.
 *
 * @param margin μ, positive and finite; 1 is usual
 * @param learningRate positive and finite; 0.01 is usual
 * @param weightDecay finite and not negative; 0 is usual
 * @param iterations from 1; 1000 is usual
 * @param heldOut share of the prompts that is held out, in [0, 1); 0.05 is usual
 * @param ignored propositions that keep a weight of 0
 * @param seed chooses the prompts that are held out
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PropositionWeightFitter(
    double margin,
    double learningRate,
    double weightDecay,
    int iterations,
    double heldOut,
    Set<String> ignored,
    long seed) {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public PropositionWeightFitter {
    ignored = Set.copyOf(ignored);
    if (!(margin > 0 && learningRate > 0 && weightDecay >= 0)
        || Double.isInfinite(margin + learningRate + weightDecay)) {
      throw new IllegalArgumentException(
          "margin and learningRate must be positive, weightDecay not negative and all finite but"
              + " were %s, %s and %s".formatted(margin, learningRate, weightDecay));
    }
    if (iterations < 1 || !(heldOut >= 0 && heldOut < 1)) {
      throw new IllegalArgumentException(
          "iterations must be at least 1 and heldOut in [0, 1) but were %s and %s"
              .formatted(iterations, heldOut));
    }
  }

  /**
   * Returns the fitter of the paper: μ 1, rate 0.01, no decay, 1000 iterations, a twentieth held
   * out.
   *
   * @param seed chooses the prompts that are held out
   * @return the fitter
   */
  public static PropositionWeightFitter standard(long seed) {
    return new PropositionWeightFitter(1, 1e-2, 0, 1000, 0.05, Set.of(), seed);
  }

  /**
   * Fits weights.
   *
   * @param names of the propositions, in the order of features
   * @param answers completions, several for a prompt; two of one prompt and quality make no pair
   * @param cancellation asks to stop at the next iteration
   * @return the weights and how well they order
   * @throws IllegalArgumentException when an answer has more or fewer features than there are
   *     names, an ignored proposition is unknown, or no prompt that is learned from has completions
   *     of different quality
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public PropositionFit fit(
      List<String> names, List<GradedAnswer> answers, CancellationToken cancellation) {
    check(names, answers);
    List<List<GradedAnswer>> groups = groups(answers);
    int kept = (int) Math.floor(heldOut * groups.size());
    Collections.shuffle(groups, new Random(seed));
    AnswerMargins test = AnswerMargins.of(groups.subList(0, kept), margin);
    AnswerMargins pairs = AnswerMargins.of(groups.subList(kept, groups.size()), margin);
    if (pairs.size() == 0) {
      throw new IllegalArgumentException(
          "answers must hold a prompt with completions of different quality but none of %s prompts"
                  .formatted(groups.size() - kept)
              + " that are learned from does");
    }
    double[] weights = minimum(names, pairs, cancellation);
    return new PropositionFit(
        PropositionWeights.of(names, weights),
        pairs.size(),
        pairs.loss(weights),
        test.size(),
        test.loss(weights));
  }

  private void check(List<String> names, List<GradedAnswer> answers) {
    if (new HashSet<>(names).size() != names.size() || names.isEmpty()) {
      throw new IllegalArgumentException(
          "names must be at least one, all different, but were " + names);
    }
    if (!names.containsAll(ignored)) {
      throw new IllegalArgumentException(
          "ignored propositions must be among %s but were %s".formatted(names, ignored));
    }
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).features().size() != names.size()) {
        throw new IllegalArgumentException(
            "answers[%s] must have a feature for each of %s but has %s; none may be missing"
                .formatted(i, names, answers.get(i).features().size()));
      }
    }
  }

  /** Completions by prompt, those of one quality alone left out: they make no pair. */
  private static List<List<GradedAnswer>> groups(List<GradedAnswer> answers) {
    Map<Prompt, List<GradedAnswer>> groups = new LinkedHashMap<>();
    answers.forEach(a -> groups.computeIfAbsent(a.prompt(), p -> new ArrayList<>()).add(a));
    List<List<GradedAnswer>> paired = new ArrayList<>();
    for (List<GradedAnswer> group : groups.values()) {
      if (group.stream().mapToDouble(GradedAnswer::quality).distinct().count() > 1) {
        paired.add(group);
      }
    }
    return paired;
  }

  private double[] minimum(
      List<String> names, AnswerMargins pairs, CancellationToken cancellation) {
    double[] weights = new double[names.size()];
    double[] mean = new double[weights.length];
    double[] square = new double[weights.length];
    double[] best = weights.clone();
    double least = pairs.loss(weights);
    for (int t = 1; t <= iterations && least > 0; t++) {
      cancellation.throwIfCancelled("fitting weights of propositions");
      double[] gradient = pairs.gradient(weights);
      for (int j = 0; j < weights.length; j++) {
        double g = ignored.contains(names.get(j)) ? 0 : gradient[j];
        mean[j] = BETA1 * mean[j] + (1 - BETA1) * g;
        square[j] = BETA2 * square[j] + (1 - BETA2) * g * g;
        double step = mean[j] / (1 - Math.pow(BETA1, t));
        double scale = Math.sqrt(square[j] / (1 - Math.pow(BETA2, t))) + EPSILON;
        weights[j] -= learningRate * (step / scale + weightDecay * weights[j]);
      }
      double loss = pairs.loss(weights);
      if (loss < least) {
        least = loss;
        best = weights.clone();
      }
    }
    return best;
  }
}
