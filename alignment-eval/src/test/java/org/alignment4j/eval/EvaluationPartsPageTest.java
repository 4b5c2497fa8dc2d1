package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of benchmarks with several metrics a sample, and with parts. */
class EvaluationPartsPageTest {
  private static final String SHOTS = "Q: how many? A: two. ".repeat(20);

  @TempDir Path folder;

  private static LoadedBenchmark benchmark(Metric... metrics) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      samples.add(
          Sample.open(
              "q" + i, Prompt.text(SHOTS + "Q: number " + i + "? A:"), List.of("the " + i + "th")));
    }
    return new LoadedBenchmark(
        "parts",
        "1",
        samples,
        new LoadedBenchmark.Method(
            List.of(metrics),
            Generation.once(SamplingOptions.greedy(4)),
            (sample, answer, cancellation) -> {
              Map<String, Score> scores = new LinkedHashMap<>();
              for (int m = 0; m < metrics.length; m++) {
                boolean one = sample.id().endsWith("" + m);
                scores.put(metrics[m].name(), new Score.Scored(one ? 1 : 0));
              }
              return scores;
            },
            results -> {
              Map<String, org.alignment4j.api.evaluation.Estimate> all = new LinkedHashMap<>();
              for (Metric metric : metrics) {
                all.put(metric.name(), MetricScores.of(results, metric.name()).proportion());
              }
              return all;
            }),
        List.of(),
        Map.of());
  }

  private EvaluationRun run(Metric... metrics) {
    return Evaluation.of(benchmark(metrics))
        .model(new ScriptedModel("m", q -> "yes"))
        .runFolder(folder)
        .run();
  }

  private static Metric share(String name, Direction direction) {
    return Metric.of(name, "fraction", direction);
  }

  @Test
  void samplesAreFoundByEveryMetricAndShowTheRightAnswer() {
    String html =
        EvaluationPage.of(
                run(share("strict", Direction.HIGHER), share("loose", Direction.LOWER)), 6)
            .html();
    assertThat(html)
        .contains("<bdi>strict right</bdi> (1)")
        .contains("<bdi>strict wrong</bdi> (5)")
        .contains("<bdi>loose right</bdi> (5)")
        .contains("<bdi>loose wrong</bdi> (1)")
        .contains(">right answer</h3>")
        .contains("the 3th")
        // Prompts begin with the same examples, and are told apart by their ends.
        .contains("Q: number 3? A:</bdi></summary>");
  }

  @Test
  void profileShowsBothSidesOfAFigureThatPullApart() {
    String html =
        EvaluationPage.of(
                run(
                    share("string/refusal/safe", Direction.LOWER),
                    share("string/refusal/unsafe", Direction.HIGHER),
                    share("string/refusal/homonyms", Direction.LOWER)),
                0)
            .html();
    assertThat(html)
        .contains("parts: string/refusal/safe (lower)")
        .contains("parts: string/refusal/unsafe (higher)")
        .doesNotContain("parts: string/refusal/homonyms");
  }

  @Test
  void markdownKeepsPartsInABlockThatOpens() {
    String text =
        EvaluationMarkdown.of(
            run(
                share("acc", Direction.HIGHER),
                share("acc/a", Direction.HIGHER),
                share("acc/b", Direction.HIGHER)));
    String[] sides = text.split("<details><summary>parts: all 3 figures</summary>\\n\\n");
    assertThat(sides).hasSize(2);
    assertThat(sides[0]).contains("| acc (fraction) |").doesNotContain("acc/a");
    assertThat(sides[1])
        .contains("| acc (fraction) |", "| acc/a (fraction) |", "| acc/b (fraction) |")
        .endsWith("</details>\n");
  }
}
