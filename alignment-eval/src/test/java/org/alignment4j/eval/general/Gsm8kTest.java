package org.alignment4j.eval.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedGeneration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gsm8kTest {

  private static final String ROW =
      "{\"question\": \"How many?\", \"answer\": \"So 3.\\n#### 1,003\"}\n";

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("test.jsonl"), content);
  }

  @Test
  void eightWorkedExamplesStandBeforeTheQuestion() throws IOException {
    LoadedBenchmark benchmark = Gsm8k.of(file(ROW));
    String prompt = ((Prompt.Text) benchmark.samples().findFirst().orElseThrow().prompt()).text();
    assertThat(prompt.split("#### ", -1)).hasSize(9);
    assertThat(prompt)
        .startsWith("Question: A tram carries 34 people.")
        .contains("there are 15 + 12 = 27 people.\n#### 27\n\nQuestion: Olga")
        .endsWith("#### 2\n\nQuestion: How many?\nAnswer:");
    assertThat(benchmark.provenance().options())
        .containsEntry("shots", "8")
        .containsKey("sampling");
    Path none = file(ROW);
    assertThat(Gsm8k.of(none, Gsm8kOptions.defaults().withShots(0)).samples().toList())
        .extracting(sample -> ((Prompt.Text) sample.prompt()).text())
        .containsExactly("Question: How many?\nAnswer:");
    assertThatThrownBy(() -> Gsm8kOptions.defaults().withShots(9))
        .hasMessageContaining("from 0 to 8 but were 9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "So it is #### 1003|1|1|1",
        "#### 1,003.0 dollars|1|1|1",
        "It is $1003.|0|1|0",
        "#### 7 or #### 1003|0|1|1",
        "#### 1003. Then 5|1|0|1",
        "#### many|0|0|0",
        "no idea|0|0|0"
      })
  void answersAreReadStrictlyAndFlexibly(String text, double strict, double flexible, double form)
      throws IOException {
    Map<String, Estimate> estimates =
        BenchmarkRun.estimates(Gsm8k.of(file(ROW)), new ScriptedGeneration(prompt -> text));
    assertThat(estimates.get("strict").value()).isEqualTo(strict);
    assertThat(estimates.get("flexible").value()).isEqualTo(flexible);
    assertThat(estimates.get("answered").value()).isEqualTo(form);
    assertThat(estimates.get("strict").n()).isEqualTo(1);
  }

  @Test
  void theOwnAnswersOfTheFileAreRightAndAnotherOnesWrong() {
    Path file = SharedFiles.require("data/gsm8k/test.jsonl");
    Map<String, String> answers = new HashMap<>();
    List<String> all =
        Dataset.read(
            file,
            ReadOptions.strict(),
            row -> {
              answers.put(row.text("question"), row.text("answer"));
              return row.text("answer");
            });
    LoadedBenchmark benchmark = Gsm8k.of(file);
    assertThat(benchmark.size()).isEqualTo(1319);
    Map<String, Estimate> own =
        BenchmarkRun.estimates(benchmark, new ScriptedGeneration(p -> answers.get(question(p))));
    assertThat(own.get("strict").value()).isEqualTo(1);
    assertThat(own.get("flexible").value()).isEqualTo(1);
    Map<String, Estimate> other =
        BenchmarkRun.estimates(benchmark, new ScriptedGeneration(prompt -> all.get(0)));
    assertThat(other.get("strict").value()).isLessThan(0.03);
    assertThat(other.get("answered").value()).isEqualTo(1);
    Map<String, Estimate> silent =
        BenchmarkRun.estimates(benchmark, new ScriptedGeneration(prompt -> ""));
    assertThat(silent.get("flexible").value()).isZero();
  }

  private static String question(String prompt) {
    int at = prompt.lastIndexOf("Question: ") + "Question: ".length();
    return prompt.substring(at, prompt.length() - "\nAnswer:".length());
  }

  @Test
  void numbersAfterTheMark() {
    assertThat(Gsm8k.marked("#### -5")).contains(new BigDecimal(-5));
    assertThat(Gsm8k.marked("#### $1,200")).map(BigDecimal::intValue).contains(1200);
    assertThat(Gsm8k.marked("###5")).isEmpty();
  }

  @Test
  void brokenRowsNameLineAndField() throws IOException {
    Path file = file(ROW + ROW.replace("#### 1,003", "#### x") + ROW.replace("answer", "a"));
    assertThatThrownBy(() -> Gsm8k.of(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("must end with '#### ' and a number")
        .hasMessageContaining("test.jsonl, line 2, field 'answer'");
    LoadedBenchmark rest =
        Gsm8k.of(file, Gsm8kOptions.defaults().withReading(ReadOptions.tolerant()));
    assertThat(rest.size()).isEqualTo(1);
    assertThat(rest.reports().get(0).skippedRows()).isEqualTo(2);
  }
}
