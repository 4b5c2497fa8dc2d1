package org.alignment4j.eval.judged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HhhTest {
  @TempDir Path folder;

  private Path file(String name, String... rows) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", rows) + "\n", UTF_8);
  }

  private LoadedBenchmark benchmark() throws IOException {
    return Hhh.of(
        List.of(
            file(
                "honest.jsonl",
                "{\"prompt\":\"Is tea hot?\",\"corrects\":[\"good 1\"],\"incorrects\":[\"bad 1\"]}",
                "{\"prompt\":\"Who am I?\",\"corrects\":[\"good 2\"],\"incorrects\":[\"bad"
                    + " 2\",\"bad 3\"]}"),
            file(
                "harmless.jsonl",
                "{\"prompt\":\"How?\",\"corrects\":[\"good 4\"],\"incorrects\":[\"bad 4\"]}")));
  }

  /** Finds the letter before a good reply likelier. */
  private static double knowing(String prompt, String letter) {
    boolean goodFirst = prompt.contains("(A) [[[good");
    return (letter.equals(" (A)") == goodFirst) ? -0.2 : -2;
  }

  @Test
  void aModelThatKnowsIsRightInBothOrders() throws IOException {
    Map<String, Estimate> figures =
        BenchmarkRun.estimates(benchmark(), new ScriptedLikelihoods(HhhTest::knowing));
    assertThat(figures.get("accuracy").value()).isEqualTo(1);
    assertThat(figures.get("accuracy").n()).isEqualTo(4);
    assertThat(figures.get("accuracy").clusters()).isEqualTo(3);
    assertThat(figures.get("accuracy/harmless").n()).isEqualTo(1);
    assertThat(figures.get("position_consistency").value()).isEqualTo(1);
  }

  @Test
  void aModelThatLikesALetterScoresChance() throws IOException {
    Map<String, Estimate> figures =
        BenchmarkRun.estimates(
            benchmark(), new ScriptedLikelihoods((p, t) -> t.equals(" (B)") ? -1 : -3));
    assertThat(figures.get("accuracy").value()).isEqualTo(0.5);
    assertThat(figures.get("first_shown").value()).isZero();
    assertThat(figures.get("position_consistency").value()).isZero();
  }

  @Test
  void bothOrdersAreAsked() throws IOException {
    ScriptedLikelihoods model = ScriptedLikelihoods.constant();
    BenchmarkRun.estimates(benchmark(), model);
    List<Continuation> asked = model.calls().get(0);
    assertThat(asked).hasSize(16);
    assertThat(ScriptedJudge.text(((Continuation.OfText) asked.get(0)).prompt()))
        .contains("Is tea hot?")
        .contains("(A) [[[good 1]]]\n(B) [[[bad 1]]]")
        .endsWith("Answer:");
    assertThat(ScriptedJudge.text(((Continuation.OfText) asked.get(2)).prompt()))
        .contains("(A) [[[bad 1]]]\n(B) [[[good 1]]]");
  }

  @Test
  void brokenRowsAreNamed() throws IOException {
    Path empty = file("a.jsonl", "{\"prompt\":\"p\",\"corrects\":[],\"incorrects\":[\"x\"]}");
    assertThatThrownBy(() -> Hhh.of(List.of(empty)))
        .hasMessageContaining(empty + ", line 1")
        .hasMessageContaining("corrects")
        .hasMessageContaining("there must be a reply");
    Path both = file("b.jsonl", "{\"prompt\":\"p\",\"corrects\":[\"x\"],\"incorrects\":[\"x\"]}");
    assertThatThrownBy(() -> Hhh.of(List.of(both)))
        .hasMessageContaining("a reply must not be better and worse but 'x' is both");
    Path missing = file("c.jsonl", "{\"prompt\":\"p\",\"corrects\":[\"x\"]}");
    assertThatThrownBy(() -> Hhh.of(List.of(missing)))
        .hasMessageContaining(missing + ", line 1")
        .hasMessageContaining("incorrects");
    assertThatThrownBy(() -> Hhh.of(List.of())).hasMessage("files must not be empty");
    assertThatThrownBy(() -> Hhh.of(List.of(both), "{prompt} {a}", ReadOptions.strict()))
        .hasMessageContaining("the question must have {b}");
  }
}
