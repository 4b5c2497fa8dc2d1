package org.alignment4j.core.data;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;

/** One labelled solution of PRM800K: for each step the rated completions and the one chosen. */
final class RatedSteps {

  private static final String STEPS = "steps";
  private static final String COMPLETIONS = "completions";
  private static final String CHOSEN = "chosen_completion";
  private static final String HUMAN = "human_completion";
  private static final String RATING = "rating";
  private static final String FLAGGED = "flagged";

  private final List<String> steps = new ArrayList<>();
  private final List<OptionalDouble> ratings = new ArrayList<>();

  private RatedSteps() {}

  static StepLabels read(Row label, Prompt prompt) {
    RatedSteps solution = new RatedSteps();
    for (Row step : label.objects(STEPS)) {
      if (!solution.add(step)) {
        break;
      }
    }
    if (solution.steps.isEmpty()) {
      throw label.fault(STEPS, Fault.EMPTY_TEXT, "a solution must have steps but is empty");
    }
    return new StepLabels(new StepwiseSolution(prompt, solution.steps), solution.ratings);
  }

  /** Adds a step; returns whether the solution goes on after it. */
  private boolean add(Row step) {
    List<Row> completions = step.objects(COMPLETIONS);
    if (step.has(CHOSEN)) {
      long chosen = step.integer(CHOSEN);
      if (chosen < 0 || chosen >= completions.size()) {
        throw step.fault(
            CHOSEN,
            "the chosen completion must be one of "
                + completions.size()
                + ", counted from 0, but was "
                + chosen);
      }
      add(completions.get((int) chosen), OptionalDouble.empty());
      return true;
    }
    if (step.has(HUMAN)) {
      // A human wrote a step only where all others were wrong, and wrote a right one.
      if (step.isString(HUMAN)) {
        steps.add(step.text(HUMAN));
        ratings.add(OptionalDouble.of(1));
      } else {
        add(step.object(HUMAN), OptionalDouble.of(1));
      }
      return true;
    }
    if (!completions.isEmpty()) {
      add(completions.get(0), OptionalDouble.empty());
    }
    return false;
  }

  private void add(Row completion, OptionalDouble unrated) {
    steps.add(completion.text("text"));
    if (completion.has(FLAGGED) && completion.bool(FLAGGED)) {
      ratings.add(OptionalDouble.empty());
      return;
    }
    if (!completion.has(RATING)) {
      ratings.add(unrated);
      return;
    }
    long rating = completion.integer(RATING);
    if (rating < -1 || rating > 1) {
      throw completion.fault(RATING, "a rating must be -1, 0 or 1 but was " + rating);
    }
    ratings.add(OptionalDouble.of((rating + 1) / 2.0));
  }
}
