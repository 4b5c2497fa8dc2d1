package org.alignment4j.eval.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.declared.FewShot;
import org.alignment4j.eval.declared.TaskTemplate;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultipleChoiceTest {

  private static final String ARC =
      """
      {"id": "a1", "question": "What melts?", "choices": {"text": ["ice", "stone", "glass jar"], "label": ["A", "B", "C"]}, "answerKey": "A"}
      {"id": "a2", "question": "What flies?", "choices": {"text": ["a bird", "a cow", "a pig", "an ox"], "label": ["1", "2", "3", "4"]}, "answerKey": "1"}
      """;

  private static final String HELLA =
      """
      {"ind": 1, "activity_label": "Baking", "ctx_a": "A man stands. [title] He bakes [step] well.", "ctx_b": "the Dough", "endings": ["rises  up.", "[substeps] sings.", "reads.", "drives."], "source_id": "s1", "label": "0"}
      """;

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), content);
  }

  private static String prompt(Sample sample) {
    return ((Prompt.Text) sample.prompt()).text();
  }

  @Test
  void arcHasLabelsOfTwoKindsAndItsOwnChance() throws IOException {
    LoadedBenchmark arc = MultipleChoice.arc(file(ARC), FewShot.none(), ReadOptions.strict());
    List<Sample> samples = arc.samples().toList();
    assertThat(samples).extracting(Sample::id).containsExactly("a1", "a2");
    assertThat(prompt(samples.get(0))).isEqualTo("Question: What melts?\nAnswer:");
    assertThat(samples.get(0).targets()).containsExactly("ice");
    assertThat(samples.get(1).targets()).containsExactly("a bird");
    assertThat(arc.metrics())
        .extracting(Metric::name)
        .containsExactly("acc", "acc_norm", "acc_bytes");
    assertThat(arc.metrics().get(0).chance().orElseThrow())
        .isCloseTo((1 / 3.0 + 1 / 4.0) / 2, within(1e-12));
    // The short choice wins by its sum, the long one by character.
    ScriptedLikelihoods model =
        new ScriptedLikelihoods(
            (p, text) ->
                p.contains("melts")
                    ? (text.equals(" ice") ? -3 : -4)
                    : (text.equals(" an ox") ? -0.5 : -1));
    Map<String, Estimate> estimates = BenchmarkRun.estimates(arc, model);
    assertThat(estimates.get("acc").value()).isEqualTo(0.5);
    assertThat(estimates.get("acc_norm").value()).isZero();
  }

  @Test
  void hellaSwagIsCleaned() throws IOException {
    Path examples =
        Files.writeString(
            folder.resolve("train.jsonl"), HELLA.replace("Baking", "Rowing").replace("s1", "s2"));
    LoadedBenchmark hellaSwag =
        MultipleChoice.hellaSwag(file(HELLA), FewShot.first(1, examples), ReadOptions.strict());
    Sample sample = hellaSwag.samples().findFirst().orElseThrow();
    assertThat(prompt(sample))
        .isEqualTo(
            "Rowing: A man stands.. He bakes well. The dough rises up.\n\n"
                + "Baking: A man stands.. He bakes well. The dough");
    assertThat(sample.choices()).containsExactly("rises up.", " sings.", "reads.", "drives.");
    assertThat(sample.cluster()).isEqualTo("s1");
    assertThat(hellaSwag.metrics().get(0).chance()).hasValue(0.25);
  }

  @Test
  void guessingScoresChanceOverManyQuestions() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      rows.append(
          "{\"id\": \"q"
              + i
              + "\", \"question\": \"What is "
              + i
              + "?\", \"choices\": {\"text\": [\"x\", \"yy\", \"zzz\"], \"label\": [\"A\", \"B\","
              + " \"C\"]}, \"answerKey\": \""
              + "ABC".charAt(i % 3)
              + "\"}\n");
    }
    LoadedBenchmark arc =
        MultipleChoice.arc(file(rows.toString()), FewShot.none(), ReadOptions.strict());
    int inside = 0;
    for (int seed = 0; seed < 40; seed++) {
      Estimate acc = BenchmarkRun.estimates(arc, ScriptedLikelihoods.random(seed)).get("acc");
      inside += acc.contains(1 / 3.0) ? 1 : 0;
    }
    assertThat(inside).isGreaterThanOrEqualTo(34);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"answerKey\": \"1\"|\"answerKey\": \"A\"|must be one of [1, 2, 3, 4] but was 'A'|line 2,"
            + " field 'answerKey'",
        "\"a2\"|\"a1\"|an id must occur once but 'a1' occurs twice|line 2",
        ", \"4\"]|]|every choice must have a label|line 2, field 'choices.label'",
        "[\"a bird\", \"a cow\", \"a pig\", \"an ox\"]|[\"a bird\"]|at least two choices|line 2,"
            + " field 'choices.text'",
        "\"a cow\"|\"\"|must have texts, none empty|line 2, field 'choices.text'",
        "\"question\": \"What flies?\", |``|missing|line 2, field 'question'"
      })
  void brokenRowsNameLineAndField(String good, String bad, String problem, String place)
      throws IOException {
    Path file = file(ARC.replace(good, bad));
    assertThatThrownBy(() -> MultipleChoice.arc(file, FewShot.none(), ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("rows.jsonl, " + place);
  }

  @Test
  void theFileThatIsScoredGivesNoExamples() throws IOException {
    Path file = file(ARC);
    for (FewShot shots : List.of(FewShot.first(1, file), FewShot.drawn(1, 5, file))) {
      assertThatThrownBy(() -> MultipleChoice.arc(file, shots, ReadOptions.strict()))
          .hasMessageContaining("must not be one of its own examples")
          .hasMessageContaining("rows.jsonl:");
    }
    assertThatThrownBy(() -> new FewShot(1, java.util.OptionalLong.empty(), List.of()))
        .hasMessageContaining("must come from a file");
    assertThatThrownBy(() -> FewShot.first(-1)).hasMessageContaining("must not be negative");
  }

  @Test
  void anyOtherFileByATemplate() throws IOException {
    TaskTemplate open =
        TaskTemplate.parse(
            "open.json",
            "{\"format\": \"alignment4j-template\", \"version\": 1, \"name\": \"open\", \"fields\":"
                + " [\"question\"], \"prompt\": \"{question}\", \"target\": \"x\"}");
    Path file = file(ARC);
    assertThatThrownBy(
            () -> MultipleChoice.of("mine", file, open, FewShot.none(), ReadOptions.strict()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have choices but 'open' has none");
  }
}
