package org.alignment4j.interp.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableDoubleArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.interp.SharedFiles;
import org.alignment4j.interp.discovery.CircuitRunner;
import org.alignment4j.interp.discovery.Corruption;
import org.alignment4j.interp.discovery.EdgeAttribution;
import org.alignment4j.interp.discovery.ScoreMethod;
import org.alignment4j.interp.patch.ActivationPatching;
import org.alignment4j.interp.patch.ContrastPair;
import org.alignment4j.interp.patch.PatchDirection;
import org.alignment4j.interp.patch.PatchSweep;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {

  private static final String WORDS = "\\d\\d| ?[A-Za-z]+|.";

  @Test
  void indirectObjectsHaveTheSubjectTwice() {
    WordTokenizer tokenizer = new WordTokenizer(WORDS);
    List<TaskExample> examples =
        IndirectObject.examples(
            tokenizer, 20, IndirectObject.SecondSubject.OTHER_NAME, new Random(1));
    int subjectFirst = 0;
    for (TaskExample example : examples) {
      List<String> clean = List.of(example.clean().split("[ .,]+"));
      String subject = example.wrong().strip();
      String indirect = example.answer().strip();
      assertThat(clean.stream().filter(subject::equals)).hasSize(2);
      assertThat(clean.stream().filter(indirect::equals)).hasSize(1);
      List<String> corrupted = List.of(example.corrupted().split("[ .,]+"));
      assertThat(corrupted.stream().filter(subject::equals)).hasSize(1);
      assertThat(corrupted.stream().filter(indirect::equals)).hasSize(1);
      assertThat(example.pair().clean().get(0)).isEqualTo(0);
      assertThat(tokenizer.decode(example.pair().clean())).isEqualTo(example.clean());
      LogitMetric expected =
          LogitMetric.logitDifference(
              tokenizer.id(example.answer()).orElseThrow(),
              tokenizer.id(example.wrong()).orElseThrow());
      assertThat(example.pair().metric()).isEqualTo(expected);
      subjectFirst += clean.indexOf(subject) < clean.indexOf(indirect) ? 1 : 0;
    }
    assertThat(subjectFirst).isEqualTo(10);
    assertThat(
            IndirectObject.examples(
                tokenizer, 20, IndirectObject.SecondSubject.OTHER_NAME, new Random(1)))
        .isEqualTo(examples);
    TaskExample hard =
        IndirectObject.examples(
                tokenizer, 1, IndirectObject.SecondSubject.INDIRECT_OBJECT, new Random(1))
            .get(0);
    assertThat(Arrays.stream(hard.corrupted().split("[ .,]+")))
        .filteredOn(hard.answer().strip()::equals)
        .hasSize(2);
  }

  @Test
  void yearsAboveCountAgainstTheOthers() {
    WordTokenizer tokenizer = new WordTokenizer(WORDS);
    for (TaskExample example : GreaterThan.examples(tokenizer, 10, new Random(2))) {
      int year = Integer.parseInt(example.wrong());
      assertThat(example.clean()).contains(example.wrong() + " to the year ");
      assertThat(example.corrupted()).contains("01 to the year ");
      LogitMetric.Term term = example.pair().metric().rows().get(0).terms().get(0);
      assertThat(example.pair().metric().form()).isEqualTo(LogitMetric.Form.PROBABILITIES);
      assertThat(term.tokens().length()).isEqualTo(100);
      ImmutableDoubleArray weights = term.weights();
      assertThat(weights.stream().filter(w -> w > 0)).hasSize(99 - year);
      assertThat(tokenizer.token(term.tokens().get(year + 1))).isEqualTo(example.answer());
      assertThat(weights.get(year)).isEqualTo(-1);
      assertThat(weights.get(year + 1)).isEqualTo(1);
    }
  }

  @Test
  void tokenizersThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () -> GreaterThan.examples(new WordTokenizer("\\d| ?[A-Za-z]+|."), 1, new Random(1)))
        .hasMessageContaining("must write the last two digits of a year as one token");
    assertThatThrownBy(
            () ->
                IndirectObject.examples(
                    new WordTokenizer(".+"),
                    1,
                    IndirectObject.SecondSubject.OTHER_NAME,
                    new Random(1)))
        .hasMessageContaining("must split some names into equally many tokens");
    assertThatThrownBy(() -> GreaterThan.examples(new WordTokenizer(WORDS), 0, new Random(1)))
        .hasMessageContaining("count must be positive but was 0");
  }

  @Test
  void tablesAreRead(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ioi.csv");
    Files.writeString(
        file,
        ",clean,corrupted,corrupted_hard\n"
            + "1,\"Then, Ann and Bob met. Ann ran to\",\"Then, Ann and Bob met. Cid ran to\","
            + "\"Then, Ann and Bob met. Bob ran to\"\n");
    WordTokenizer tokenizer = new WordTokenizer(WORDS);
    TaskExample easy =
        IndirectObject.read(file, tokenizer, IndirectObject.SecondSubject.OTHER_NAME)
            .examples()
            .get(0);
    assertThat(easy.answer()).isEqualTo(" Bob");
    assertThat(easy.wrong()).isEqualTo(" Ann");
    assertThat(easy.corrupted()).contains("Cid ran");
    TaskExample hard =
        IndirectObject.read(file, tokenizer, IndirectObject.SecondSubject.INDIRECT_OBJECT)
            .examples()
            .get(0);
    assertThat(hard.corrupted()).contains("Bob ran");
    Path answers = folder.resolve("ioi.json");
    Files.writeString(
        answers, "[{\"prompt\": \"Then, Ann and Bob met. Ann ran to\", \"answer\": \"Bob\"}]");
    for (IndirectObject.SecondSubject second : IndirectObject.SecondSubject.values()) {
      TaskExample made = IndirectObject.read(answers, tokenizer, second).examples().get(0);
      assertThat(made.answer()).isEqualTo(" Bob");
      assertThat(made.wrong()).isEqualTo(" Ann");
      String name = second == IndirectObject.SecondSubject.INDIRECT_OBJECT ? "Bob" : "Mary";
      assertThat(made.corrupted()).isEqualTo("Then, Ann and Bob met. " + name + " ran to");
    }
  }

  @Test
  void wrongTablesAreRefused(@TempDir Path folder) throws Exception {
    Path wrong = folder.resolve("wrong.csv");
    assertRefused(folder.resolve("none.csv"), "none.csv");
    Files.writeString(wrong, "clean,corrupted\na,b\n");
    assertRefused(wrong, "corrupted_hard");
    Files.writeString(wrong, "clean,corrupted,corrupted_hard\na b,a c,c d\n");
    assertRefused(wrong, "must differ from clean in one word but is 'c d'");
    Files.writeString(wrong, "clean,corrupted,corrupted_hard\na b,a c,a b\n");
    assertRefused(wrong, "must differ from clean in one word but is 'a b'");
    Files.writeString(wrong, "prompt,answer\nAnn and Bob met,Bob\n");
    assertRefused(wrong, "must have the answer 'Bob' and another name twice");
  }

  private static void assertRefused(Path file, String message) {
    assertThatThrownBy(
            () ->
                IndirectObject.read(
                    file, new WordTokenizer(WORDS), IndirectObject.SecondSubject.OTHER_NAME))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void runsOnARealModel() throws Exception {
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("models/stories260K"))) {
      List<ContrastPair> pairs =
          IndirectObject.examples(
                  model.tokenizer(), 4, IndirectObject.SecondSubject.INDIRECT_OBJECT, new Random(3))
              .stream()
              .map(TaskExample::pair)
              .toList();
      PatchSweep sweep =
          PatchSweep.of(HookPoints.z(Layers.all()), PatchDirection.DENOISING, Axis.HEAD);
      assertThat(ActivationPatching.run(model, sweep, pairs, CancellationToken.none()).effects())
          .allMatch(effect -> Double.isFinite(effect.value()));
      CircuitRunner runner =
          CircuitRunner.of(model, pairs, Corruption.CORRUPTED_PROMPT, 8, CancellationToken.none());
      assertThat(
              EdgeAttribution.score(runner, ScoreMethod.eapIg(3), CancellationToken.none())
                  .toTable(10)
                  .rows())
          .hasSize(10);
      IndirectObject.Loaded loaded =
          IndirectObject.read(
              SharedFiles.require("data/ioi/ioi_llama.csv"),
              model.tokenizer(),
              IndirectObject.SecondSubject.OTHER_NAME);
      assertThat(loaded.examples().size() + loaded.skipped()).isEqualTo(499);
      assertThat(loaded.examples()).isNotEmpty();
      IndirectObject.Loaded answered =
          IndirectObject.read(
              SharedFiles.require("data/ioi/ioi.json"),
              model.tokenizer(),
              IndirectObject.SecondSubject.OTHER_NAME);
      assertThat(answered.examples().size() + answered.skipped()).isEqualTo(841);
      assertThat(answered.examples()).hasSizeGreaterThan(300);
    }
  }
}
