package org.alignment4j.oversight.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.RocArea;
import org.apiguardian.api.API;

/**
 * How well a model of steps tells right ones from wrong ones, as far as steps are labelled until
 * the first mistake.
 *
 * @param firstMistake share of solutions whose first mistake, or having none, the model finds
 *     exactly; solutions without any label are unscored
 * @param area area under the ROC curve of the probability that a step is correct, neutral steps
 *     counted as right, solutions drawn as a whole; empty where all labelled steps are of one kind
 * @param error mean squared error of these probabilities, solutions drawn as a whole (Brier 1950);
 *     lower is better, and always answering ½ gives ¼
 * @param judged labelled steps
 * @param unjudged steps before the first mistake that have no label
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StepFigures(
    Estimate firstMistake,
    Optional<Bootstrap.Result> area,
    Estimate error,
    long judged,
    long unjudged) {

  /** Checks that nothing is missing. */
  public StepFigures {
    Objects.requireNonNull(firstMistake, "firstMistake");
    Objects.requireNonNull(area, "area");
    Objects.requireNonNull(error, "error");
  }

  /**
   * Measures solutions that are independent of each other.
   *
   * @param labels what is known of each solution; whole solutions, or until the first mistake
   * @param correct for each solution the model's probability that each step is correct
   * @param bootstrap how solutions are resampled
   * @throws IllegalArgumentException if the numbers of solutions or steps differ
   */
  public static StepFigures of(
      List<StepLabels> labels, List<double[]> correct, Bootstrap bootstrap) {
    return of(labels, correct, IntStream.range(0, labels.size()).toArray(), bootstrap);
  }

  /**
   * Measures solutions of which some belong together, as several of one problem do.
   *
   * @param labels what is known of each solution; whole solutions, or until the first mistake
   * @param correct for each solution the model's probability that each step is correct
   * @param clusters the cluster of each solution, any numbers
   * @param bootstrap how clusters are resampled
   * @throws IllegalArgumentException if the numbers of solutions or steps differ
   */
  public static StepFigures of(
      List<StepLabels> labels, List<double[]> correct, int[] clusters, Bootstrap bootstrap) {
    if (labels.size() != correct.size() || labels.size() != clusters.length) {
      throw new IllegalArgumentException(
          "there must be probabilities and a cluster for each of "
              + labels.size()
              + " solutions but there are for "
              + correct.size()
              + " and "
              + clusters.length);
    }
    List<Double> scores = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    List<Integer> drawn = new ArrayList<>();
    double[] found = new double[labels.size()];
    long unjudged = 0;
    for (int s = 0; s < labels.size(); s++) {
      double[] steps = correct.get(s);
      List<OptionalDouble> known = labels.get(s).correctness();
      requireSteps(known.size(), steps.length, s);
      int last = StepSupervision.firstMistake(labels.get(s)).orElse(known.size() - 1);
      found[s] =
          StepSupervision.firstMistake(labels.get(s)).equals(StepSupervision.firstMistake(steps))
              ? 1
              : 0;
      for (int i = 0; i <= last; i++) {
        OptionalDouble label = known.get(i);
        if (label.isEmpty()) {
          unjudged++;
        } else {
          scores.add(steps[i]);
          right.add(label.getAsDouble() >= 0.5);
          drawn.add(clusters[s]);
        }
      }
    }
    double[] probabilities = scores.stream().mapToDouble(Double::doubleValue).toArray();
    boolean[] positive = new boolean[right.size()];
    double[] errors = new double[right.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = right.get(i);
      errors[i] = Math.pow(probabilities[i] - (positive[i] ? 1 : 0), 2);
    }
    int[] together = drawn.stream().mapToInt(Integer::intValue).toArray();
    return new StepFigures(
        firstMistake(labels, found, clusters),
        right.stream().distinct().count() < 2
            ? Optional.empty()
            : Optional.of(RocArea.of(probabilities, positive, together, bootstrap)),
        Estimates.boundedMean(errors, together, 0, 1),
        scores.size(),
        unjudged);
  }

  private static Estimate firstMistake(List<StepLabels> labels, double[] found, int[] clusters) {
    int[] labelled =
        IntStream.range(0, found.length)
            .filter(s -> labels.get(s).correctness().stream().anyMatch(OptionalDouble::isPresent))
            .toArray();
    return Estimates.withMissing(
        Estimates.clusteredProportion(
            IntStream.of(labelled).mapToDouble(s -> found[s]).toArray(),
            IntStream.of(labelled).map(s -> clusters[s]).toArray()),
        found.length - labelled.length,
        0);
  }

  private static void requireSteps(int labels, int probabilities, int solution) {
    if (labels != probabilities) {
      throw new IllegalArgumentException(
          "solution "
              + solution
              + " must have a probability for each of "
              + labels
              + " steps but has "
              + probabilities);
    }
  }
}
