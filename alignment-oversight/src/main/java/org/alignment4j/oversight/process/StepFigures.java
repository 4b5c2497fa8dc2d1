package org.alignment4j.oversight.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
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
 *     exactly
 * @param area area under the ROC curve of the probability that a step is correct, neutral steps
 *     counted as right, solutions drawn as a whole; empty where all labelled steps are of one kind
 * @param judged labelled steps
 * @param unjudged steps before the first mistake that have no label
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StepFigures(
    Estimate firstMistake, Optional<Bootstrap.Result> area, long judged, long unjudged) {

  /** Checks that nothing is missing. */
  public StepFigures {
    Objects.requireNonNull(firstMistake, "firstMistake");
    Objects.requireNonNull(area, "area");
  }

  /**
   * Measures.
   *
   * @param labels what is known of each solution; whole solutions, or until the first mistake
   * @param correct for each solution the model's probability that each step is correct
   * @param bootstrap how solutions are resampled
   * @throws IllegalArgumentException if the numbers of solutions or steps differ
   */
  public static StepFigures of(
      List<StepLabels> labels, List<double[]> correct, Bootstrap bootstrap) {
    if (labels.size() != correct.size()) {
      throw new IllegalArgumentException(
          "there must be probabilities for each of "
              + labels.size()
              + " solutions but there are for "
              + correct.size());
    }
    List<Double> scores = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    List<Integer> solutions = new ArrayList<>();
    boolean[] found = new boolean[labels.size()];
    long unjudged = 0;
    for (int s = 0; s < labels.size(); s++) {
      double[] steps = correct.get(s);
      List<OptionalDouble> known = labels.get(s).correctness();
      requireSteps(known.size(), steps.length, s);
      int last = StepSupervision.firstMistake(labels.get(s)).orElse(known.size() - 1);
      found[s] =
          StepSupervision.firstMistake(labels.get(s)).equals(StepSupervision.firstMistake(steps));
      for (int i = 0; i <= last; i++) {
        OptionalDouble label = known.get(i);
        if (label.isEmpty()) {
          unjudged++;
        } else {
          scores.add(steps[i]);
          right.add(label.getAsDouble() >= 0.5);
          solutions.add(s);
        }
      }
    }
    return new StepFigures(
        Estimates.proportion(found),
        area(scores, right, solutions, bootstrap),
        scores.size(),
        unjudged);
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

  private static Optional<Bootstrap.Result> area(
      List<Double> scores, List<Boolean> right, List<Integer> solutions, Bootstrap bootstrap) {
    if (right.stream().distinct().count() < 2) {
      return Optional.empty();
    }
    boolean[] positive = new boolean[right.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = right.get(i);
    }
    return Optional.of(
        RocArea.of(
            scores.stream().mapToDouble(Double::doubleValue).toArray(),
            positive,
            solutions.stream().mapToInt(Integer::intValue).toArray(),
            bootstrap));
  }
}
