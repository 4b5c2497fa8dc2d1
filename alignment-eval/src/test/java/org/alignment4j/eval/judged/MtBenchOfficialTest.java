package org.alignment4j.eval.judged;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.junit.jupiter.api.Test;

/** The official questions and prompts, with scripted models. */
class MtBenchOfficialTest {
  private final Path questions = SharedFiles.require("data/mt-bench/question.jsonl");
  private final Path prompts = SharedFiles.require("data/mt-bench/judge_prompts.jsonl");

  private static TalkingModel model(String id) {
    return new TalkingModel(
        id,
        p ->
            id
                + " on "
                + ScriptedJudge.text(p).hashCode()
                + " "
                + ((Prompt.Chat) p).messages().size());
  }

  @Test
  void allQuestionsAreRated() {
    TalkingModel judge =
        new TalkingModel(
            "judge",
            p -> {
              String text = ScriptedJudge.text(p);
              assertThat(text)
                  .contains("good on")
                  .doesNotContainPattern("\\{[a-z]+_?[0-9a-z]*_\\d\\}");
              return (text.contains("eference") ? "[[9]]" : "[[6]]");
            });
    LoadedBenchmark benchmark =
        MtBench.rated(questions, prompts, JudgeModel.of(judge), MtBenchOptions.DEFAULT);
    BenchmarkOutcome outcome =
        Evaluation.of(benchmark).model(model("good")).run().outcomes().get(0);
    Map<String, Estimate> figures = outcome.result().estimates();
    assertThat(benchmark.size()).isEqualTo(80);
    assertThat(figures).hasSize(11);
    assertThat(figures.get("rating").n()).isEqualTo(160);
    assertThat(figures.get("rating/math").value()).isEqualTo(9);
    assertThat(figures.get("rating/reasoning").value()).isEqualTo(9);
    assertThat(figures.get("rating/writing").value()).isEqualTo(6);
    assertThat(figures.get("rating/coding").value()).isEqualTo(8.7);
    assertThat(outcome.usageByRole().get("judge").calls()).isEqualTo(160);
    assertThat(benchmark.provenance().options().get("judged without a reference for lack of one"))
        .doesNotContain(",")
        .isNotEmpty();
  }

  @Test
  void aModelAgainstItselfTiesAndAPlaceDoesNotWin() {
    TalkingModel model = model("good");
    Map<String, List<String>> own = new HashMap<>();
    LoadedBenchmark rated =
        MtBench.rated(
            questions,
            prompts,
            JudgeModel.of(new TalkingModel("judge", p -> "[[5]]")),
            MtBenchOptions.DEFAULT);
    List<Sample> samples = rated.samples().toList();
    List<Answer> answers = rated.solver().solve(samples, model, CancellationToken.none());
    for (int i = 0; i < samples.size(); i++) {
      own.put(
          samples.get(i).id(),
          answers.get(i).completions().stream().map(Completion::text).toList());
    }
    LoadedBenchmark compared =
        MtBench.compared(
            questions,
            prompts,
            new MtBenchAnswers("good", own),
            JudgeModel.of(new TalkingModel("judge", p -> "I like the first. [[A]]")),
            MtBenchOptions.DEFAULT);
    BenchmarkOutcome outcome = Evaluation.of(compared).model(model).run().outcomes().get(0);
    assertThat(outcome.result().estimate("win_rate").value()).isEqualTo(0.5);
    assertThat(outcome.result().estimate("win_rate").n()).isEqualTo(160);
    assertThat(outcome.result().estimate("position_consistency").value()).isZero();
    assertThat(outcome.usageByRole().get("judge").calls()).isEqualTo(320);
  }
}
