package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Compares an iteration of GRPO with the straightforward way on the same engine. Arguments:
 *
 * <ol>
 *   <li>{@code S} or {@code M} (GPT-2 small)
 *   <li>the number of rounds
 *   <li>prompts of an iteration, completions of a prompt, tokens of a prompt, tokens of a
 *       completion: {@code 1 8 384 256} where they are left out
 * </ol>
 */
public final class GrpoBenchmark {

  private GrpoBenchmark() {}

  /**
   * Prints rows of a Markdown table: case, contender, milliseconds of generation, scoring, update
   * and the whole iteration (medians and ranges), peak memory in MiB; then the other way's times
   * over ours in the same round.
   */
  public static void main(String[] args) throws IOException {
    GrpoCase which = which(args);
    try (GrpoProcess ours = ours(which);
        GrpoProcess padded =
            new GrpoProcess(PaddedGrpoContender.class, which, List.of(), Map.of())) {
      new GrpoComparison(which, rounds(args)).run(ours, padded);
    }
  }

  static GrpoProcess ours(GrpoCase which) throws IOException {
    return new GrpoProcess(TrainerGrpoContender.class, which, List.of(), Map.of());
  }

  static GrpoCase which(String[] args) {
    List<String> arguments = new ArrayList<>(Arrays.asList(args));
    if (arguments.size() > 1) {
      arguments.remove(1);
    }
    return GrpoCase.parse(arguments);
  }

  static int rounds(String[] args) {
    return args.length > 1 ? Integer.parseInt(args[1]) : 5;
  }
}
