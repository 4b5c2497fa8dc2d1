package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.core.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published files read with the numbers of rows that their sources state, or are refused. */
class SharedDataTest {

  @TempDir Path folder;

  private static Path data(String file) {
    return SharedFiles.require("data/" + file);
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic-evals/persona/agreeableness.jsonl,1000,question",
    "anthropic-evals/human_generated_evals/coordinate-itself.jsonl,322,question",
    "anthropic-evals/human_generated_evals/power-seeking-inclination.jsonl,998,question",
    "anthropic-evals/human_generated_evals/survival-instinct.jsonl,953,question",
    "bbq/Age.jsonl,3680,context",
    "bbq/Nationality.jsonl,3080,answer_info",
    "crows-pairs/crows_pairs_anonymized.csv,1508,sent_more",
    "ethics/commonsense/cm_test.csv,3885,input",
    "ethics/deontology/deontology_test.csv,3596,excuse",
    "ethics/justice/justice_test.csv,2704,scenario",
    "ethics/virtue/virtue_test.csv,4975,scenario",
    "geometry-of-truth/cities.csv,1496,statement",
    "geometry-of-truth/sp_en_trans.csv,354,statement",
    "gsm8k/test.jsonl,1319,answer",
    "hh-rlhf/harmless-base.test.jsonl.gz,2312,chosen",
    "ioi/ioi.json,841,prompt",
    "ioi/ioi_llama.csv,499,clean",
    "known1000/known_1000.json,1209,attribute",
    "llmbar/Natural/dataset.json,100,output_1",
    "mt-bench/question.jsonl,80,turns",
    "mt-bench/judge_prompts.jsonl,8,prompt_template",
    "openai-rbr/train.jsonl,351,propositions",
    "openai-rbr/test.jsonl,167,propositions",
    "tinystories-sample/tinystories_1000.json,1000,text",
    "truthfulqa/TruthfulQA.csv,817,Best Answer",
    "winogender/all_sentences.tsv,720,sentence",
    "winogender/templates.tsv,120,answer",
    "winogender/occupations-stats.tsv,60,occupation",
    "xstest/xstest_prompts.csv,450,prompt"
  })
  void everyRowHasItsField(String file, int rows, String field) {
    Dataset<Boolean> read =
        Dataset.read(data(file), ReadOptions.strict(), row -> row.states(field));
    assertThat(read).hasSize(rows).containsOnly(true);
    assertThat(read.report().sha256()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "stereoset/stereoset.json",
    "relations-lre/factual/country_capital_city.json",
    "relations-lre/linguistic/adj_antonym.json"
  })
  void objectsThatAreNoListsOfRowsAreRefused(String file) {
    Path path = data(file);
    for (ReadOptions options : List.of(ReadOptions.strict(), ReadOptions.tolerant())) {
      assertThatThrownBy(() -> Prompts.read(path, options))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("one list of objects")
          .hasMessageContaining("line 1");
    }
  }

  @ParameterizedTest
  @CsvSource({"Natural,100", "Adversarial/Neighbor,134", "Adversarial/Manual,46"})
  void judgedOutputsArePairs(String part, int rows) {
    Path file = data("llmbar/" + part + "/dataset.json");
    List<PreferencePair> pairs = Preferences.read(file);
    assertThat(pairs).hasSize(rows);
    List<String> better =
        Dataset.read(
            file, ReadOptions.strict(), row -> row.string("output_" + row.integer("label")));
    assertThat(pairs).extracting(PreferencePair::chosen).isEqualTo(better);
  }

  @ParameterizedTest
  @CsvSource({
    "logical_deduction,300,6",
    "multistep_arithmetic,300,62",
    "tracking_shuffled_objects,300,40",
    "word_sorting,300,34"
  })
  void mistakesAreStepLabels(String task, int rows, int withoutMistake) {
    List<StepLabels> solutions = StepLabelled.read(data("big-bench-mistake/" + task + ".jsonl"));
    assertThat(solutions).hasSize(rows);
    assertThat(solutions)
        .filteredOn(s -> s.correctness().stream().allMatch(l -> l.orElse(0) == 1))
        .hasSize(withoutMistake);
  }

  @Test
  void anEmptyStepIsNamedAndLeftOut() {
    Path file = data("big-bench-mistake/dyck_languages.jsonl");
    assertThatThrownBy(() -> StepLabelled.read(file))
        .hasMessageContaining("line 539, field 'steps[");
    Dataset<StepLabels> read = StepLabelled.read(file, ReadOptions.tolerant());
    assertThat(read).hasSize(985);
    assertThat(read.report().faults()).isEqualTo(Map.of(Fault.EMPTY_TEXT, 1L));
  }

  @Test
  void storiesAndPlaysAreDocuments() {
    assertThat(Documents.read(data("tinystories-sample/tinystories_1000.json"))).hasSize(1000);
    Path play = data("tinyshakespeare/input.txt");
    assertThat(Documents.read(play))
        .singleElement()
        .satisfies(
            text ->
                assertThat(text).startsWith("First Citizen:").hasSizeBetween(1_115_390, 1_115_394));
    assertThat(Documents.read(play, ReadOptions.strict().withFormat(DataFormat.TEXT_LINES)))
        .hasSizeBetween(30_000, 40_000);
  }

  @Test
  void promptsOfSeveralFiles() {
    assertThat(Prompts.read(data("xstest/xstest_prompts.csv"))).hasSize(450);
    assertThat(
            Prompts.read(
                data("gsm8k/test.jsonl"), ReadOptions.strict().withField("prompt", "question")))
        .hasSize(1319);
    assertThat(Prompts.read(data("openai-rbr/test.jsonl")))
        .hasSize(167)
        .allSatisfy(prompt -> assertThat(prompt).isInstanceOf(Prompt.Chat.class));
    Path turns = data("mt-bench/question.jsonl");
    assertThatThrownBy(() -> Prompts.read(turns, ReadOptions.strict().withField("prompt", "turns")))
        .hasMessageContaining("line 1, field 'turns'")
        .hasMessageContaining("must be an object");
  }

  @Test
  void emptyRepliesAreLeftOutOfDemonstrations() {
    Path file = data("openai-rbr/train.jsonl");
    Dataset<Demonstration> read = Demonstrations.read(file, ReadOptions.tolerant());
    assertThat(read).hasSize(344);
    assertThat(read.report().faults()).isEqualTo(Map.of(Fault.EMPTY_TEXT, 7L));
  }

  @Test
  void realPairsSurviveWriting() {
    Dataset<PreferencePair> pairs =
        Preferences.read(data("hh-rlhf/harmless-base.test.jsonl.gz"), ReadOptions.tolerant());
    Path copy = folder.resolve("copy.jsonl.gz");
    assertThat(Preferences.write(copy, pairs)).isEqualTo(2303);
    assertThat(Preferences.read(copy)).isEqualTo(pairs);
    List<Message> first = ((Prompt.Chat) pairs.get(0).prompt()).messages();
    assertThat(first).isNotEmpty();
  }
}
