package org.alignment4j.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Completions of one iteration. Arrays are shared and read-only.
 *
 * @param prompts of each completion, group after group
 * @param completions as many
 */
record GrpoTokens(List<int[]> prompts, List<int[]> completions) {

  private static final String SEQUENCES = " ";
  private static final String TOKENS = ",";

  /** What {@link #line()} gave. */
  static GrpoTokens parse(String line) {
    List<int[]> prompts = new ArrayList<>();
    List<int[]> completions = new ArrayList<>();
    for (String sequence : line.split(SEQUENCES, -1)) {
      int[] tokens =
          Arrays.stream(sequence.split(TOKENS, -1)).mapToInt(Integer::parseInt).toArray();
      (prompts.size() > completions.size() ? completions : prompts).add(tokens);
    }
    return new GrpoTokens(prompts, completions);
  }

  String line() {
    List<String> sequences = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      sequences.add(text(prompts.get(i)));
      sequences.add(text(completions.get(i)));
    }
    return String.join(SEQUENCES, sequences);
  }

  private static String text(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(TOKENS));
  }

  /** A prompt and its completion. */
  int[] sequence(int index) {
    int[] prompt = prompts.get(index);
    int[] completion = completions.get(index);
    int[] joined = Arrays.copyOf(prompt, prompt.length + completion.length);
    System.arraycopy(completion, 0, joined, prompt.length, completion.length);
    return joined;
  }
}
