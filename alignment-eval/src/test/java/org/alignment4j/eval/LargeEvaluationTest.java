package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.api.evaluation.Sample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class LargeEvaluationTest {
  private static final int SIZE = 100_000;
  private static final int ANSWER = 8_000;

  @TempDir Path folder;

  /** Answers of 800 MB in all; what stays in the heap after the run is a small part of that. */
  @Test
  void aHundredThousandLongAnswersStayOnDisk() {
    String padding = "x".repeat(ANSWER);
    TinyBenchmark large =
        new TinyBenchmark("large", 0) {
          @Override
          public Stream<Sample> samples() {
            return IntStream.range(0, SIZE).mapToObj(TinyBenchmark::sample);
          }
        };
    ScriptedModel model = new ScriptedModel("m", prompt -> prompt + padding);
    BenchmarkOutcome outcome =
        Evaluation.of(large).model(model).runFolder(folder).run().outcome("large", "m");

    assertThat(outcome.samples()).hasSize(SIZE);
    assertThat(outcome.records().orElseThrow().toFile().length()).isGreaterThan(ANSWER * 100_000L);
    model.asked.clear();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    assertThat(used).as("bytes in the heap after the run").isLessThan(256L << 20);
    assertThat(outcome.samples()).isNotEmpty();
  }
}
