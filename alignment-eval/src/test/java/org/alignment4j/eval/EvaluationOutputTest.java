package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.journal.PlainJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationOutputTest {
  @TempDir Path folder;

  private final ScriptedModel model = new ScriptedModel("m|<b>", ScriptedModel::mostlyRight);

  @Test
  void markdownHasARowForEachFigureAndNoNameBecomesMarkup() {
    EvaluationRun run = Evaluation.of(new TinyBenchmark("tiny", 30)).model(model).limit(3).run();
    String text = EvaluationMarkdown.of(run);
    assertThat(text.lines()).hasSize(3);
    assertThat(text.lines().skip(2).findFirst().orElseThrow())
        .startsWith("| tiny | m\\|\\<b\\> | accuracy (fraction) | 0.67 ")
        .endsWith("| 0.5000 | higher | COMPLETE |");
  }

  @Test
  void jsonHoldsEveryFigureAndNullsWhereNothingIsKnown() {
    EvaluationRun run = Evaluation.of(new TinyBenchmark("tiny", 30)).model(model).limit(1).run();
    Map<?, ?> fields = (Map<?, ?>) PlainJson.read(EvaluationJson.of(run), 100_000);
    assertThat(fields.get("format")).isEqualTo("alignment4j-evaluation");
    assertThat(fields.get("version")).isEqualTo(1L);
    Map<?, ?> result = (Map<?, ?>) ((List<?>) fields.get("results")).get(0);
    assertThat(result.get("model")).isEqualTo("m|<b>");
    assertThat(result.get("data")).isEqualTo(run.outcomes().get(0).key().data().hex());
    Map<?, ?> metric = (Map<?, ?>) ((List<?>) result.get("metrics")).get(0);
    assertThat(metric.get("chance")).isEqualTo(0.5);
    assertThat(metric.get("direction")).isEqualTo("higher");
    Map<?, ?> estimate = (Map<?, ?>) metric.get("estimate");
    assertThat(estimate.get("value")).isEqualTo(0.0);
    assertThat(estimate.get("n")).isEqualTo(1L);
    assertThat(((Map<?, ?>) fields.get("provenance")).get("kind")).isEqualTo("report");
  }

  @Test
  void thePageShowsFiguresSamplesAndProvenanceEscaped() {
    EvaluationRun run =
        Evaluation.of(new TinyBenchmark("tiny", 30)).model(model).runFolder(folder).run();
    String html = EvaluationPage.of(run, 2).html();
    assertThat(html)
        .contains("accuracy", "COMPLETE", "The first 2 of 30", "q0", "q1", "Provenance")
        .contains(run.outcomes().get(0).key().data().hex())
        .doesNotContain("q7")
        .doesNotContain("m|<b>");
  }

  @Test
  void samplesAreFoundByHowTheyWereScored() {
    ScriptedModel other =
        new ScriptedModel("other", q -> ScriptedModel.number(q) % 5 == 0 ? "dunno" : "yes");
    EvaluationRun run =
        Evaluation.of(new TinyBenchmark("tiny", 30)).model(model, other).runFolder(folder).run();
    String html = EvaluationPage.of(run, 10).html();
    // Of q0 to q9: 0, 3, 6, 9 are wrong by the first model, 0 and 5 have no verdict by the other.
    assertThat(html)
        .contains("all (10)")
        .contains("<bdi>wrong by m|&lt;b&gt;</bdi> (4)")
        .contains("<bdi>right by m|&lt;b&gt;</bdi> (6)")
        .contains("<bdi>no verdict by other</bdi> (2)")
        .contains("<bdi>models differ</bdi> (3)");
  }
}
