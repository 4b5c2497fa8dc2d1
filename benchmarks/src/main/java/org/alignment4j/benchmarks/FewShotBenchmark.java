package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Times multiple choice by likelihood behind five examples on GPT-2 small: an evaluation beside one
 * call for each choice with its whole prompt. Arguments: questions of a file, and rounds.
 */
public final class FewShotBenchmark {

  private FewShotBenchmark() {}

  /** Prints the rows of {@link FewShotComparison}. */
  public static void main(String[] args) throws IOException {
    try (EngineFewShot engine = EngineFewShot.load()) {
      FewShotComparison.parse(args).run(ways(engine));
    }
  }

  static Map<String, Function<FewShotFile, List<Double>>> ways(EngineFewShot engine) {
    Map<String, Function<FewShotFile, List<Double>>> ways = new LinkedHashMap<>();
    ways.put("alignment4j, evaluation", engine::evaluate);
    ways.put("alignment4j, whole prompt for each choice", engine::eachAlone);
    return ways;
  }
}
