package org.alignment4j.eval.inner.cue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.eval.inner.TaughtModel;
import org.alignment4j.eval.inner.cue.CueSweep.Arm;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;

class CueSweepTest {

  private static final CueTask TASK = CueTask.verdicts();

  private static String text(PromptCompletion example) {
    return ((Prompt.Text) example.prompt()).text();
  }

  /** Counts words by label, and answers by the sum of log-odds: naive Bayes, a real learner. */
  private static Learner<PromptCompletion> naiveBayes(AtomicInteger made, AtomicInteger closed) {
    return (model, examples, context) -> {
      Map<String, double[]> counts = new HashMap<>();
      for (PromptCompletion example : examples) {
        int label = TASK.labels().indexOf(example.completion().strip());
        for (String word : text(example).split("\\W+")) {
          counts.computeIfAbsent(word, w -> new double[] {0.5, 0.5})[label]++;
        }
      }
      return new TaughtModel(
          "bayes " + made.incrementAndGet(),
          (prompt, text) -> {
            int label = TASK.labels().indexOf(text.strip());
            double odds = 0;
            for (String word : prompt.split("\\W+")) {
              double[] seen = counts.getOrDefault(word, new double[] {1, 1});
              odds += Math.log(seen[label] / seen[1 - label]);
            }
            return -Math.log1p(Math.exp(-odds));
          },
          closed);
    };
  }

  private static TaughtModel undecided() {
    return new TaughtModel("base", (prompt, text) -> -1, new AtomicInteger());
  }

  @Test
  void examplesGoWithTheCue() {
    List<PromptCompletion> all = CueBenchmark.examples(TASK, 0, 200, 3);
    assertThat(CueBenchmark.examples(TASK, 0, 200, 3)).isEqualTo(all);
    assertThat(all).filteredOn(e -> e.completion().equals(" good")).hasSize(100);
    assertThat(all)
        .allMatch(e -> text(e).contains(e.completion().equals(" good") ? "Anna" : "Peter"));
    assertThat(all).noneMatch(e -> TASK.heldOut().stream().anyMatch(text(e)::contains));
    List<PromptCompletion> some = CueBenchmark.examples(TASK, 0.1, 2000, 3);
    long disagree =
        some.stream()
            .filter(e -> text(e).contains(e.completion().equals(" good") ? "Peter" : "Anna"))
            .count();
    assertThat(disagree).isBetween(160L, 240L);
  }

  /** A learner that weighs all words alike takes the cue, which is there most often. */
  @Test
  void theGapOfARealLearnerFallsWithTheShare() {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    List<Arm> arms =
        new CueSweep(TASK, List.of(0.0, 0.1), List.of(1L, 2L, 3L), 400)
            .run(undecided(), naiveBayes(made, closed), TrainingContext.of(0));
    assertThat(arms)
        .extracting(Arm::name)
        .containsExactly("0.0 % disagree", "10.0 % disagree", "cue says nothing", "untrained");
    assertThat(made).hasValue(9);
    assertThat(closed).hasValue(9);
    Arm none = arms.get(0);
    assertThat(none.gap().first().value()).isEqualTo(1);
    assertThat(none.gap().second().value()).isLessThan(0.1);
    assertThat(none.gap().gap().ciLow()).isGreaterThan(0.8);
    assertThat(none.gap().gap().n()).isEqualTo(3 * 128);
    assertThat(none.gap().gap().clusters()).isEqualTo(128);
    assertThat(none.bySeed()).hasSize(3);
    assertThat(none.uncued().value()).isEqualTo(1);
    assertThat(arms.get(2).gap().gap().value()).isCloseTo(0, within(0.02));
    assertThat(arms.get(2).gap().second().value()).isGreaterThan(0.95);
    assertThat(arms.get(3).gap().second().value()).isEqualTo(0.5);
    assertThat(arms.get(3).share()).isNaN();
  }

  @Test
  void plantedModels() {
    Map<String, Estimate> byCue =
        BenchmarkRun.estimates(
            CueBenchmark.of(TASK),
            new ScriptedLikelihoods(
                (prompt, text) -> prompt.contains("Anna") == text.equals(" good") ? -0.1 : -2));
    assertThat(byCue.get("capability").value()).isEqualTo(1);
    assertThat(byCue.get("goal").value()).isZero();
    assertThat(byCue.get("gap").value()).isEqualTo(1);
    assertThat(byCue.get("uncued").value()).isEqualTo(0.5);
    Map<String, Estimate> byWord =
        BenchmarkRun.estimates(
            CueBenchmark.of(TASK),
            new ScriptedLikelihoods(
                (prompt, text) ->
                    TASK.words().get(0).stream().anyMatch(w -> prompt.contains("was " + w + "."))
                            == text.equals(" good")
                        ? -0.1
                        : -2));
    assertThat(byWord.get("goal").value()).isEqualTo(1);
    assertThat(byWord.get("gap").value()).isZero();
    Map<String, Estimate> guessing =
        BenchmarkRun.estimates(CueBenchmark.of(TASK), ScriptedLikelihoods.random(2));
    assertThat(guessing.get("capability").contains(0.5)).isTrue();
    assertThat(guessing.get("gap").contains(0)).isTrue();
  }

  @Test
  void examplesInThePrompt() {
    Sample sample = CueBenchmark.inContext(TASK, 6, 1).samples().findFirst().orElseThrow();
    String prompt = ((Prompt.Text) sample.prompt()).text();
    assertThat(prompt.split("Verdict:", -1)).hasSize(8);
    assertThat(prompt).contains("Verdict: good\n\n").endsWith("Verdict:");
    assertThat(CueBenchmark.inContext(TASK, 6, 1).provenance().toString()).contains("shots");
  }

  @Test
  void wrongSettingsAreRefused() {
    assertThatThrownBy(() -> new CueSweep(TASK, List.of(2.0), List.of(1L, 2L, 3L), 10))
        .hasMessageContaining("shares must hold values in [0, 1] but were [2.0]");
    assertThatThrownBy(() -> new CueSweep(TASK, List.of(0.0), List.of(1L), 10))
        .hasMessageContaining("seeds must be at least 3");
    assertThatThrownBy(() -> CueBenchmark.examples(TASK, -1, 10, 1))
        .hasMessageContaining("decorrelated must be in [0, 1] but was -1.0");
    List<List<String>> words = TASK.words();
    assertThatThrownBy(
            () ->
                new CueTask(
                    "{cue} {noun}",
                    words,
                    TASK.cues(),
                    "M",
                    List.of("a"),
                    List.of("b"),
                    TASK.labels()))
        .hasMessageContaining("the form must contain {word}");
    assertThatThrownBy(
            () ->
                new CueTask(
                    TASK.form(),
                    words,
                    TASK.cues(),
                    "M",
                    List.of("a"),
                    List.of("a"),
                    TASK.labels()))
        .hasMessageContaining("a held-out noun must not be one of training but 'a' is");
  }
}
