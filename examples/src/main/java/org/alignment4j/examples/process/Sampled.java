package org.alignment4j.examples.process;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.oversight.process.StepSupervision;

/**
 * A sampled solution and what the labeller said of it.
 *
 * @param problem what was asked
 * @param labels of the steps, until the first mistake
 */
record Sampled(StepProblem problem, StepLabels labels) {

  /** A solution must have a step, and an empty reply is none that is right. */
  private static final List<String> NOTHING = List.of("(nothing)");

  /** The steps of a text, as they were written. */
  static StepwiseSolution solution(StepProblem problem, String text) {
    List<String> steps =
        Arrays.stream(text.split(StepProblem.SEPARATOR)).filter(step -> !step.isBlank()).toList();
    return new StepwiseSolution(problem.prompt(), steps.isEmpty() ? NOTHING : steps);
  }

  StepwiseSolution solution() {
    return labels.solution();
  }

  /** What the last step concludes; empty where it concludes nothing. */
  String answer() {
    String last = solution().steps().get(solution().steps().size() - 1).strip();
    return last.startsWith(StepProblem.CONCLUSION) && last.endsWith(".")
        ? last.substring(StepProblem.CONCLUSION.length(), last.length() - 1)
        : "";
  }

  boolean right() {
    return answer().equals(problem.answer());
  }

  /** Whether a step is wrong. */
  boolean mistaken() {
    return StepSupervision.firstMistake(labels).isPresent();
  }

  /** Whether the answer is right and no step wrong. */
  boolean sound() {
    return right() && !mistaken();
  }

  /** What a process model learns. */
  StepLabels steps() {
    return StepSupervision.neutralAsRight(labels);
  }

  /** What an outcome model reads. */
  PromptCompletion whole() {
    return new PromptCompletion(
        problem.prompt(), String.join(StepProblem.SEPARATOR, solution().steps()));
  }

  /** What an outcome model learns. */
  UnpairedLabel outcome() {
    return new UnpairedLabel(whole().prompt(), whole().completion(), right());
  }
}
