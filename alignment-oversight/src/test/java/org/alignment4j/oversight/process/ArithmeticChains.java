package org.alignment4j.oversight.process;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;

/** Sums worked out step by step, some with one planted error; a step is judged on its own. */
final class ArithmeticChains {
  private ArithmeticChains() {}

  /** A chain; the step at {@code error} adds wrongly, none where it is −1. */
  static StepLabels chain(int steps, int error, long seed) {
    Random random = new Random(seed);
    int sum = random.nextInt(20);
    StringBuilder problem = new StringBuilder("What is " + sum);
    List<String> lines = new ArrayList<>();
    List<OptionalDouble> labels = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      int add = 1 + random.nextInt(9);
      problem.append(" + ").append(add);
      int next = sum + add + (i == error ? 1 + random.nextInt(3) : 0);
      lines.add(sum + " + " + add + " = " + next);
      labels.add(OptionalDouble.of(i == error ? 0 : 1));
      sum = next;
    }
    return new StepLabels(
        new StepwiseSolution(Prompt.text(problem.append("?").toString()), lines), labels);
  }

  static boolean holds(String step) {
    String[] parts = step.split(" [+=] ", -1);
    return Integer.parseInt(parts[0]) + Integer.parseInt(parts[1]) == Integer.parseInt(parts[2]);
  }
}
