package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.alignment4j.rlhf.policy.PolicyLoss;

/**
 * An iteration of GRPO to measure: completions of random prompts are sampled, scored under policy
 * and reference, and learned from in one update of all weights. No token ends a completion, so that
 * all of them have the same length.
 *
 * @param shape the model, with room for a prompt and a completion
 * @param prompts of each iteration
 * @param group completions of each prompt
 * @param promptLength tokens of a prompt
 * @param newTokens tokens of a completion
 */
record GrpoCase(GptShape shape, int prompts, int group, int promptLength, int newTokens) {

  /** Coefficient of the penalty on the divergence from the reference, k3. */
  static final double BETA = 0.04;

  /** By how much a ratio may leave 1. */
  static final double CLIP = 0.2;

  static final double LEARNING_RATE = 1e-5;

  /** Iterations with prompts of their own; later ones have these again. */
  static final int ITERATIONS = 64;

  private static final double DEVIATION_EPSILON = 1e-4;

  /**
   * A shape and the four numbers, as {@link #arguments()} gives them; the numbers may be absent.
   */
  static GrpoCase parse(List<String> arguments) {
    String name = arguments.isEmpty() ? "M" : arguments.get(0);
    int promptLength = number(arguments, 3, 384);
    int newTokens = number(arguments, 4, 256);
    GptShape plain = BenchmarkCase.parse(name).shape();
    GptShape shape =
        new GptShape(
            plain.name(),
            plain.layers(),
            plain.width(),
            plain.heads(),
            plain.vocab(),
            promptLength + newTokens,
            1,
            plain.gigaflop());
    return new GrpoCase(
        shape, number(arguments, 1, 1), number(arguments, 2, 8), promptLength, newTokens);
  }

  private static int number(List<String> arguments, int index, int otherwise) {
    return arguments.size() > index ? Integer.parseInt(arguments.get(index)) : otherwise;
  }

  List<String> arguments() {
    return List.of(
        shape.name(),
        Integer.toString(prompts),
        Integer.toString(group),
        Integer.toString(promptLength),
        Integer.toString(newTokens));
  }

  /** Such as {@code M, 1 × 8 × (384 + 256)}. */
  String name() {
    return String.format(
        Locale.ROOT,
        "%s, %d × %d × (%d + %d)",
        shape.name(),
        prompts,
        group,
        promptLength,
        newTokens);
  }

  int completions() {
    return prompts * group;
  }

  int sequenceLength() {
    return promptLength + newTokens;
  }

  static PolicyLoss loss() {
    return PolicyLoss.grpo(BETA);
  }

  /** The prompts of all iterations. */
  List<int[]> allPrompts() {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < ITERATIONS * prompts; i++) {
      all.add(new SplittableRandom(i).ints(promptLength, 0, shape.vocab()).toArray());
    }
    return all;
  }

  /** The mean of the tokens' numbers over the size of the vocabulary. */
  double reward(int[] completion) {
    double sum = 0;
    for (int token : completion) {
      sum += token;
    }
    return sum / completion.length / shape.vocab();
  }

  /** Of each completion: its reward less the mean of its group, over the group's deviation. */
  double[] advantages(List<int[]> completions) {
    double[] advantages = new double[completions.size()];
    for (int from = 0; from < advantages.length; from += group) {
      double mean = 0;
      for (int i = from; i < from + group; i++) {
        advantages[i] = reward(completions.get(i));
        mean += advantages[i] / group;
      }
      double squares = 0;
      for (int i = from; i < from + group; i++) {
        squares += (advantages[i] - mean) * (advantages[i] - mean);
      }
      double deviation = Math.sqrt(squares / (group - 1)) + DEVIATION_EPSILON;
      for (int i = from; i < from + group; i++) {
        advantages[i] = (advantages[i] - mean) / deviation;
      }
    }
    return advantages;
  }
}
