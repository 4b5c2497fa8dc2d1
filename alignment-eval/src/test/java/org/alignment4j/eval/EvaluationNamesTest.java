package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationNamesTest {
  @TempDir private Path folder;
  private final ScriptedModel model = new ScriptedModel("3f2a", ScriptedModel::mostlyRight);

  private Evaluation evaluation() {
    return Evaluation.of(new TinyBenchmark("tiny", 12)).runFolder(folder);
  }

  @Test
  void modelsAreCalledByTheirNames() {
    EvaluationRun run =
        evaluation().model("current", model).model(new ScriptedModel("9b1c", q -> "no")).run();
    assertThat(run.of("current")).hasSize(1);
    assertThat(run.outcome("tiny", "9b1c").model()).isEqualTo("9b1c");
    assertThat(run.outcome("tiny", "current").key().model()).isEqualTo("3f2a");
    assertThat(EvaluationMarkdown.of(run)).contains("| current |").doesNotContain("3f2a");
    assertThat(EvaluationJson.of(run)).contains("\"model\":\"current\",\"model_id\":\"3f2a\"");
  }

  @Test
  void anotherNameCallsTheModelNoSecondTime() {
    evaluation().model("current", model).run();
    evaluation().model("previous", model).run();
    assertThat(model.calls()).isEqualTo(12);
  }

  @Test
  void namesAndIdentitiesOccurOnce() {
    Evaluation evaluation = evaluation().model("current", model);
    assertThatThrownBy(() -> evaluation.model("other", model)).hasMessageContaining("'3f2a'");
    assertThatThrownBy(() -> evaluation.model("current", new ScriptedModel("x", q -> "no")))
        .hasMessageContaining("names but 'current' occurs twice");
    assertThatThrownBy(() -> evaluation.model(" ", new ScriptedModel("x", q -> "no")))
        .hasMessageContaining("blank");
  }
}
