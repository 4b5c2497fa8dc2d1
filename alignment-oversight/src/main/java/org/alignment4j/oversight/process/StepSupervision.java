package org.alignment4j.oversight.process;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alignment4j.api.reward.StepLabels;
import org.apiguardian.api.API;

/**
 * What is learnt from labels of steps, and what scores of steps say of a solution (Lightman et al.
 * 2023, arXiv 2305.20050, sections 2.4 and 2.6). Pure functions.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StepSupervision {
  /** Below it a step counts as wrong. */
  private static final double EVEN = 0.5;

  private StepSupervision() {}

  /**
   * Returns labels up to and including the first step that is wrong, the later ones removed: what
   * follows a mistake tells little of steps, and models that learn it learn to count mistakes.
   */
  public static StepLabels untilFirstMistake(StepLabels labels) {
    OptionalInt mistake = firstMistake(labels);
    List<OptionalDouble> kept = new ArrayList<>();
    for (int i = 0; i < labels.correctness().size(); i++) {
      boolean supervised = mistake.isEmpty() || i <= mistake.getAsInt();
      kept.add(supervised ? labels.correctness().get(i) : OptionalDouble.empty());
    }
    return new StepLabels(labels.solution(), kept);
  }

  /** Returns labels with neutral steps, those of ½, as right ones. */
  public static StepLabels neutralAsRight(StepLabels labels) {
    return new StepLabels(
        labels.solution(),
        labels.correctness().stream()
            .map(c -> c.isPresent() && c.getAsDouble() == EVEN ? OptionalDouble.of(1) : c)
            .toList());
  }

  /**
   * Returns the first step that is labelled wrong, below ½.
   *
   * @return its index; empty where no step is
   */
  public static OptionalInt firstMistake(StepLabels labels) {
    for (int i = 0; i < labels.correctness().size(); i++) {
      OptionalDouble label = labels.correctness().get(i);
      if (label.isPresent() && label.getAsDouble() < EVEN) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Returns the first step that a model finds more likely wrong than right.
   *
   * @param correct probability that each step is correct
   * @return its index; empty where there is none
   */
  public static OptionalInt firstMistake(double[] correct) {
    for (int i = 0; i < correct.length; i++) {
      if (correct[i] < EVEN) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Returns the logarithm of a solution's score, the probability that every step is correct: of
   * many steps the product itself may be too small for a number.
   *
   * @param correct probability that each step is correct, a neutral one counted as correct
   * @return at most 0; −∞ where a step is certainly wrong
   * @throws IllegalArgumentException if there is no step, or a probability is outside [0, 1]
   */
  public static double logScore(double[] correct) {
    if (correct.length == 0) {
      throw new IllegalArgumentException("a solution must have steps to be scored but has none");
    }
    double sum = 0;
    for (int i = 0; i < correct.length; i++) {
      if (!(correct[i] >= 0 && correct[i] <= 1)) {
        throw new IllegalArgumentException(
            "correct[" + i + "] must be in [0, 1] but was " + correct[i]);
      }
      sum += Math.log(correct[i]);
    }
    return sum;
  }
}
