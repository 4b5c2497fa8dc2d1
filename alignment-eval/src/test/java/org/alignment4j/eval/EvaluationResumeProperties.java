package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;

class EvaluationResumeProperties {
  private static final int SIZE = 23;

  /** A process may die at any byte of the file; failing and undecided samples are among them. */
  @Property(tries = 120)
  void aRunKilledAtAnyByteComesToTheResultsOfOneThatWasNot(
      @ForAll @DoubleRange(min = 0, max = 1) double cut,
      @ForAll @IntRange(min = 1, max = 7) int batchSize,
      @ForAll boolean budgeted,
      @ForAll boolean judged)
      throws IOException {
    Path folder = Files.createTempDirectory("resume");
    try {
      Budget budget = budgeted ? Budget.UNLIMITED.withTokens(95) : Budget.UNLIMITED;
      BenchmarkOutcome whole = run(folder, model(), batchSize, budget, judged);
      Path file = whole.records().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      int kept = (int) Math.round(cut * bytes.length);
      Files.write(file, Arrays.copyOf(bytes, kept));
      long known = judged ? answersWithin(bytes, kept) : linesWithin(bytes, kept) - 1;

      ScriptedModel model = model();
      BenchmarkOutcome resumed = run(folder, model, batchSize, budget, judged);

      assertThat(resumed).isEqualTo(whole);
      List<String> asked = model.asked.keySet().stream().filter(q -> !q.equals("q5")).toList();
      assertThat(asked).allSatisfy(q -> assertThat(model.asked.get(q)).isLessThanOrEqualTo(2));
      long finished = whole.samples().size() - whole.failed();
      long knownOrFailed = Math.max(0, known);
      assertThat((long) asked.size())
          .isLessThanOrEqualTo(finished - knownOrFailed + whole.failed());
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** Answers have lines of their own where a judge is asked. */
  private static long answersWithin(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return whole.lines().filter(line -> line.contains("\"answer_of\"")).count();
  }

  private static long linesWithin(byte[] bytes, int length) {
    long lines = 0;
    for (int i = 0; i < length; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
    }
    return lines;
  }

  private static ScriptedModel model() {
    return new ScriptedModel(
        "m",
        prompt -> {
          if (prompt.equals("q5")) {
            throw new IllegalArgumentException("too long");
          }
          return prompt.equals("q7") ? "dunno" : ScriptedModel.mostlyRight(prompt);
        });
  }

  private static BenchmarkOutcome run(
      Path folder, ScriptedModel model, int batchSize, Budget budget, boolean judged) {
    TinyBenchmark tiny = new TinyBenchmark("tiny", SIZE);
    if (judged) {
      JudgingScorer scorer =
          (sample, answer, meter, token) -> {
            meter.add(JudgingScorer.JUDGE, Usage.ofGeneration(3, 2, Duration.ofMillis(1)));
            return TinyBenchmark.exactMatch(sample, answer, token);
          };
      tiny.scorer = scorer;
    }
    return Evaluation.of(tiny)
        .model(model)
        .batchSize(batchSize)
        .budget(budget)
        .runFolder(folder)
        .run()
        .outcome("tiny", "m");
  }
}
