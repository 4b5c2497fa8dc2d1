package org.alignment4j.readme;

import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Selectors.head;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.interp.patch.PatchGrid;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadmeSnippetTest {
  private static final Path SOURCES = Path.of("src/test/java/org/alignment4j/readme");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReadmeSnippet",
        "ReinforcementSnippet",
        "WatchedSnippet",
        "InsideSnippet",
        "EvaluationSnippet",
        "OversightSnippet",
        "RemoteSnippet",
        "GuardrailSnippet",
        "HumanSnippet"
      })
  void readmeShowsTheCodeThatIsCompiledHere(String name) throws IOException {
    String source = Files.readString(SOURCES.resolve(name + ".java"));
    int start = source.indexOf('\n', source.indexOf("// start of the README's code")) + 1;
    String code = source.substring(start, source.indexOf("    // end of the README's code"));
    String readme = Files.readString(Path.of("../README.md"));
    assertThat(readme).contains("```java\n" + code.stripTrailing().stripIndent() + "\n```");
  }

  @Test
  void itLearnsToBeBriefAndLearnsFromGivenAnswers(@TempDir Path folder) {
    List<Prompt> prompts =
        PocketWorld.create(1).questions().stream().limit(16).map(q -> (Prompt) q.prompt()).toList();
    try (DecoderModel base = DecoderModel.load(PocketModel.copyTo(folder))) {
      ReinforcementSnippet.Seen seen = ReinforcementSnippet.run(base, prompts);
      List<Double> rewards =
          seen.trained().stream().map(m -> m.values().get("rewards/brief/mean")).toList();
      assertThat(rewards).hasSizeGreaterThan(4);
      assertThat(rewards.get(rewards.size() - 1)).isGreaterThan(rewards.get(0) + 1);
      assertThat(seen.own()).hasSize(3);
      assertThat(seen.own()).allSatisfy(m -> assertThat(m.values()).containsKey("loss"));
    }
  }

  @Test
  void itReadsPairsAndStopsAtTheBestModel(@TempDir Path folder) {
    PocketWorld world = PocketWorld.create(1);
    Path file = folder.resolve("pairs.jsonl");
    Preferences.write(file, world.preferences(1, 120, 0));
    List<Question> questions = world.questions().subList(0, 40);
    List<Prompt> prompts = questions.stream().limit(2).map(q -> (Prompt) q.prompt()).toList();
    try (DecoderModel base = DecoderModel.load(PocketModel.copyTo(folder.resolve("base")))) {
      FineTuningResult result =
          WatchedSnippet.run(
              base,
              file,
              folder.resolve("run"),
              prompts,
              model ->
                  questions.stream()
                          .filter(
                              q ->
                                  world
                                      .judge()
                                      .isCorrect(
                                          q,
                                          model
                                              .generate(q.prompt(), SamplingOptions.greedy(40))
                                              .text()))
                          .count()
                      / 40.0);
      result.model().close();
      assertThat(result.metrics())
          .anySatisfy(m -> assertThat(m.values()).containsKey("eval/held-out/accuracy"));
      assertThat(folder.resolve("run/report.html")).content().contains("held-out");
      assertThat(folder.resolve("run/samples.jsonl")).exists();
    }
  }

  @Test
  void itFindsTheHeadsThatKnowAFact(@TempDir Path folder) {
    try (DecoderModel base = DecoderModel.load(PocketModel.copyTo(folder.resolve("base")))) {
      PatchGrid heads = InsideSnippet.run(base, folder);
      assertThat(heads.clean().value()).isGreaterThan(5);
      assertThat(heads.corrupted().value()).isLessThan(-5);
      assertThat(heads.effects().stream().mapToDouble(Estimate::value).max().getAsDouble())
          .isGreaterThan(0.2);
      assertThat(folder.resolve("report.html")).content().contains("Which heads know it?");
      assertThat(folder.resolve("heads.png")).isNotEmptyFile();
    }
  }

  @Test
  void itEvaluatesTwoModels(@TempDir Path folder) {
    List<Question> questions = PocketWorld.create(1).questions().subList(0, 40);
    try (DecoderModel base = DecoderModel.load(PocketModel.copyTo(folder.resolve("base")))) {
      HookedModel candidate = base.with(zero(z(0), head(1)));
      EvaluationSnippet.Seen seen = EvaluationSnippet.run(base, candidate, questions, folder);
      assertThat(seen.run().report().of("facts").get(0).estimate("acc").value()).isGreaterThan(0.7);
      assertThat(seen.gates().results()).isNotEmpty();
      assertThat(seen.markdown()).startsWith("From `base` to `candidate`");
      assertThat(folder.resolve("evaluation.html")).content().contains("candidate");
    }
  }

  @Test
  void itDebatesAndRepeatsFromItsCalls(@TempDir Path folder) {
    String claim = "the lamp was lit by Ada on the first night and by nobody else after it at all";
    LanguageModel strong =
        new Said("<argument><quote>" + claim + "</quote> and so I am right</argument>");
    ChoiceQuestion question =
        ChoiceQuestion.of("lamp", "Who lit it?", List.of("Ada", "Ben"), 0, "It says: " + claim);
    RunReport<ChoiceQuestion, Ruling> first =
        OversightSnippet.run(strong, new Said("[[A]]"), List.of(question), folder);
    assertThat(first.complete()).isEqualTo(1);
    assertThat(first.outcome(0).orElseThrow().verdict().consistent()).isFalse();
    assertThat(folder.resolve("debates.html")).content().contains("class=\"verified\"");
    RunReport<ChoiceQuestion, Ruling> again =
        OversightSnippet.run(new Said("x"), new Said("y"), List.of(question), folder);
    assertThat(again.outcomes()).isEqualTo(first.outcomes());
  }

  /** Says one thing; all of them are one model to a journal. */
  private record Said(String text) implements LanguageModel {
    @Override
    public String id() {
      return "said";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      return prompts.stream()
          .map(prompt -> Completion.of(text, FinishReason.EOS, Usage.NONE))
          .toList();
    }
  }

  @Test
  void itAlignsLooksInsideAndSaves(@TempDir Path folder) {
    ReadmeSnippet.Seen seen = ReadmeSnippet.run(folder);

    PocketWorld world = PocketWorld.create(1);
    Question question = world.questions().get(18);
    assertThat(world.judge().isCorrect(question, seen.before().text())).isFalse();
    assertThat(world.judge().isCorrect(question, seen.after().text())).isTrue();
    int length = seen.after().tokens().size();
    assertThat(seen.run().cache().values(HookPoints.pattern(0)).shape()).endsWith(length, length);
    try (DecoderModel saved = DecoderModel.load(folder.resolve("aligned"))) {
      assertThat(saved.generate(question.prompt(), SamplingOptions.greedy(40)).text())
          .isEqualTo(seen.after().text());
    }
  }
}
