package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.core.judge.RefusalJudge;
import org.alignment4j.core.judge.RefusalPhrases;
import org.alignment4j.eval.record.RecordFile;
import org.alignment4j.eval.record.SampleRecord;
import org.alignment4j.eval.refusal.RefusalDetector;
import org.alignment4j.eval.refusal.RefusalScorer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scorer that asks a judge twice a sample, at 100 tokens a call; the model costs 10 a call. */
class EvaluationJudgeTest {
  private static final Usage CALL = Usage.ofGeneration(90, 10, Duration.ofMillis(2));

  @TempDir Path folder;

  private final AtomicInteger judged = new AtomicInteger();
  private final TinyBenchmark tiny = new TinyBenchmark("tiny", 20);
  private final ScriptedModel model = new ScriptedModel("m", ScriptedModel::mostlyRight);

  private Map<String, Score> twice(Sample sample, UsageMeter meter, Score score) {
    for (int call = 0; call < 2; call++) {
      judged.incrementAndGet();
      meter.add(JudgingScorer.JUDGE, CALL);
    }
    return Map.of(TinyBenchmark.METRIC, score);
  }

  private Evaluation evaluation() {
    JudgingScorer scorer = (s, answer, meter, token) -> twice(s, meter, new Score.Scored(1));
    tiny.scorer = scorer;
    return Evaluation.of(tiny).model(model).batchSize(4);
  }

  @Test
  void whatJudgesCostIsCountedByRole() {
    EvaluationRun run =
        evaluation()
            .prices((role, usage) -> usage.totalTokens() * (role.equals("judge") ? 0.01 : 1))
            .run();
    BenchmarkOutcome outcome = run.outcome("tiny", "m");
    assertThat(outcome.usageByRole().get("target").totalTokens()).isEqualTo(200);
    assertThat(outcome.usageByRole().get("judge").totalTokens()).isEqualTo(4000);
    assertThat(outcome.result().usage().totalTokens()).isEqualTo(4200);
    assertThat(outcome.result().usage().calls()).isEqualTo(60);
    assertThat(run.spent()).isCloseTo(200 + 40, within(1e-9));
    assertThat(EvaluationJson.of(run)).contains("\"usage_by_role\":{").contains("\"judge\":{");
  }

  @Test
  void budgetsCountJudges() {
    assertThat(
            evaluation()
                .budget(Budget.UNLIMITED.withTokens(1000))
                .run()
                .outcome("tiny", "m")
                .samples())
        .hasSize(8);
    assertThat(
            evaluation().budget(Budget.UNLIMITED.withCalls(13)).run().outcome("tiny", "m").status())
        .isEqualTo("INCOMPLETE(budget: calls)");
  }

  @Test
  void aRunThatGoesOnCountsTheSame() throws IOException {
    BenchmarkOutcome whole = evaluation().runFolder(folder).run().outcome("tiny", "m");
    Path file = whole.records().orElseThrow();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    // The first line, and of each batch of four the answers before the samples.
    Files.write(file, lines.subList(0, 1 + 8 + 4 + 3), StandardCharsets.UTF_8);
    judged.set(0);
    assertThat(evaluation().runFolder(folder).run().outcome("tiny", "m")).isEqualTo(whole);
    assertThat(judged).hasValue(2 * 13);
    assertThat(evaluation().runFolder(folder).run().outcome("tiny", "m")).isEqualTo(whole);
    assertThat(judged).hasValue(2 * 13);

    Files.write(file, lines.subList(0, 1 + 8 + 8 + 4 + 1), StandardCharsets.UTF_8);
    Budget budget = Budget.UNLIMITED.withTokens(1800);
    BenchmarkOutcome spent =
        evaluation().runFolder(folder).budget(budget).run().outcome("tiny", "m");
    assertThat(spent.samples()).hasSize(12);
    assertThat(spent.result())
        .isEqualTo(evaluation().budget(budget).run().outcome("tiny", "m").result());
  }

  @Test
  void aRunStoppedWhileAJudgeIsAskedAsksForNoAnswerAgain() {
    AtomicBoolean stopped = new AtomicBoolean();
    JudgingScorer stopping =
        (s, answer, meter, token) -> {
          if (s.id().equals("s5")) {
            stopped.set(true);
          }
          token.throwIfCancelled("judging");
          return twice(s, meter, new Score.Scored(answer.completions().get(0).text().length() - 2));
        };
    tiny.scorer = stopping;
    Evaluation evaluation = Evaluation.of(tiny).model(model).batchSize(4).runFolder(folder);
    assertThatThrownBy(() -> evaluation.cancellation(stopped::get).run())
        .isInstanceOf(CancelledException.class);
    assertThat(model.calls()).isEqualTo(8);
    JudgingScorer going =
        (s, answer, meter, token) ->
            twice(s, meter, new Score.Scored(answer.completions().get(0).text().length() - 2));
    tiny.scorer = going;
    BenchmarkOutcome resumed =
        evaluation.cancellation(CancellationToken.none()).run().outcome("tiny", "m");
    assertThat(model.calls()).isEqualTo(20);
    assertThat(resumed.result())
        .isEqualTo(
            Evaluation.of(tiny).model(model).batchSize(4).run().outcome("tiny", "m").result());
  }

  @Test
  void theSameInEpochs() {
    Set<String> broken = ConcurrentHashMap.newKeySet();
    JudgingScorer scorer =
        (s, answer, meter, token) -> {
          if (broken.add("once")) {
            throw new ModelExecutionException("the judge broke");
          }
          return twice(s, meter, new Score.Scored(1));
        };
    tiny.scorer = scorer;
    Evaluation evaluation =
        Evaluation.of(tiny)
            .model(model)
            .batchSize(4)
            .epochs(2, EpochReduction.mean())
            .runFolder(folder);
    assertThat(evaluation.run().outcome("tiny", "m").failed()).isEqualTo(1);
    assertThat(evaluation.run().outcome("tiny", "m").failed()).isZero();
    assertThat(model.calls()).isEqualTo(40);
  }

  @Test
  void anAnswerWhoseJudgeFailedIsJudgedAgainAndWhatWasPaidStaysPaid() {
    AtomicBoolean broken = new AtomicBoolean(true);
    JudgingScorer scorer =
        (s, answer, meter, token) -> {
          meter.add(JudgingScorer.JUDGE, CALL);
          if (s.id().equals("s3") && broken.get()) {
            throw new ModelExecutionException("the judge broke");
          }
          return Map.of(TinyBenchmark.METRIC, new Score.Scored(1));
        };
    tiny.scorer = scorer;
    Evaluation evaluation = Evaluation.of(tiny).model(model).batchSize(4).runFolder(folder);
    assertThat(evaluation.run().outcome("tiny", "m").failed()).isEqualTo(1);
    broken.set(false);
    BenchmarkOutcome mended = evaluation.run().outcome("tiny", "m");
    assertThat(mended.failed()).isZero();
    assertThat(model.calls()).isEqualTo(20);
    assertThat(mended.usageByRole().get("judge").calls()).isEqualTo(21);
    assertThat(mended.usageByRole().get("target").calls()).isEqualTo(20);
  }

  @Test
  void whatIsPaidBeforeAJudgeFailsIsPaid() {
    JudgingScorer scorer =
        (s, answer, meter, token) -> {
          meter.add(JudgingScorer.JUDGE, CALL);
          if (s.id().equals("s3")) {
            throw new IllegalStateException("the judge broke");
          }
          return Map.of(TinyBenchmark.METRIC, new Score.Scored(1));
        };
    tiny.scorer = scorer;
    BenchmarkOutcome outcome =
        Evaluation.of(tiny).model(model).batchSize(4).run().outcome("tiny", "m");
    assertThat(outcome.failed()).isEqualTo(1);
    assertThat(outcome.usageByRole().get("judge").calls()).isEqualTo(20);
  }

  @Test
  void aJudgeThatIsTriedAgainIsPaidAgain() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    JudgingScorer scorer =
        (s, answer, meter, token) -> {
          meter.add(JudgingScorer.JUDGE, CALL);
          if (s.id().equals("s5") && seen.add(s.id())) {
            throw new RemoteCallException("busy", 429, true, Duration.ZERO, null);
          }
          return Map.of(TinyBenchmark.METRIC, new Score.Scored(1));
        };
    tiny.scorer = scorer;
    BenchmarkOutcome outcome =
        Evaluation.of(tiny).model(model).batchSize(4).run().outcome("tiny", "m");
    assertThat(outcome.failed()).isZero();
    assertThat(outcome.usageByRole().get("judge").calls()).isEqualTo(21);
    assertThat(model.calls()).isEqualTo(20);
  }

  /** A judge that is busy to the end takes neither the answer nor the other scores with it. */
  @Test
  void aJudgeThatIsBusyToTheEndLeavesTheOtherDetectors() {
    LanguageModel busy =
        new LanguageModel() {
          @Override
          public String id() {
            return "judge";
          }

          @Override
          public List<Completion> generate(
              List<? extends Prompt> prompts, SamplingOptions options, CancellationToken token) {
            judged.incrementAndGet();
            throw new RemoteCallException("busy", 503, true, Duration.ZERO, null);
          }
        };
    tiny.scorer =
        new RefusalScorer(
            List.of(
                RefusalDetector.phrases(RefusalPhrases.startingWith(List.of("i cannot"))),
                RefusalDetector.judge(RefusalJudge.of(busy))),
            List.of());
    tiny.otherScores = Set.of("string/full_refusal", "judge/full_refusal", "judge/partial_refusal");
    BenchmarkOutcome outcome =
        Evaluation.of(tiny)
            .model(model)
            .batchSize(4)
            .retry(RetryPolicy.DEFAULT.withMaxAttempts(2))
            .run()
            .outcome("tiny", "m");
    assertThat(model.calls()).isEqualTo(20);
    assertThat(outcome.failed()).isEqualTo(20);
    assertThat(outcome.samples())
        .allSatisfy(
            sample -> {
              assertThat(sample.scores().get("string/full_refusal")).isEqualTo(new Score.Scored(0));
              assertThat(sample.scores().get("judge/full_refusal"))
                  .isInstanceOf(Score.Failed.class);
            });
    // Each of five batches is tried twice: it ends at its first sample, and then is scored whole.
    assertThat(judged).hasValue(5 * (1 + 4));
  }

  /** The last open question of a batch fails for good: the others have their answers. */
  @Test
  void theLastQuestionOfABatchFailsAlone() {
    ScriptedModel failing =
        new ScriptedModel(
            "m",
            prompt -> {
              if (prompt.equals("q6")) {
                throw new IllegalArgumentException("too long");
              }
              if (prompt.equals("q7")) {
                throw new RemoteCallException("down", 503, true, Duration.ZERO, null);
              }
              return "yes";
            });
    BenchmarkOutcome outcome =
        Evaluation.of(tiny)
            .model(failing)
            .batchSize(4)
            .retry(RetryPolicy.DEFAULT.withMaxAttempts(2))
            .run()
            .outcome("tiny", "m");
    assertThat(outcome.failed()).isEqualTo(2);
    assertThat(outcome.result().estimate("accuracy").n()).isEqualTo(18);
  }

  @Test
  void recordsKeepWhatJudgesCost() {
    BenchmarkOutcome outcome = evaluation().runFolder(folder).run().outcome("tiny", "m");
    try (RecordFile file = RecordFile.open(folder, outcome.key())) {
      SampleRecord one = file.get("s0").orElseThrow();
      assertThat(one.scoring()).containsEntry("judge", CALL.plus(CALL));
    }
  }

  /** Answers of a batch that is given up were paid, and its open samples failed. */
  @Test
  void aBatchThatFailsAsAWholeIsBooked() {
    JudgingScorer scorer =
        (s, answer, meter, token) -> {
          meter.add(JudgingScorer.JUDGE, CALL);
          if (s.id().equals("s5")) {
            // Longer than the policy waits.
            throw new RemoteCallException("busy", 429, true, Duration.ofHours(1), null);
          }
          return Map.of(TinyBenchmark.METRIC, new Score.Scored(1));
        };
    tiny.scorer = scorer;
    EvaluationRun run =
        Evaluation.of(tiny)
            .model(model)
            .batchSize(4)
            .prices((role, usage) -> role.equals(Evaluation.TARGET) ? usage.totalTokens() : 0)
            .run();
    BenchmarkOutcome outcome = run.outcome("tiny", "m");
    assertThat(outcome.failed()).isEqualTo(3);
    assertThat(outcome.result().estimate("accuracy").failed()).isEqualTo(3);
    assertThat(outcome.samples().get(5).scores().get("accuracy"))
        .isEqualTo(new Score.Failed("RemoteCallException: busy"));
    assertThat(run.spent()).isCloseTo(200, within(1e-9));
    assertThat(outcome.usageByRole().get("target").calls()).isEqualTo(20);
    assertThat(outcome.usageByRole().get("judge").calls()).isEqualTo(18);
  }

  @Test
  void answersThatABudgetOfTheJudgeLeavesUnscoredArePaid() {
    JudgingScorer scorer =
        (s, answer, meter, token) -> {
          if (s.id().equals("s5")) {
            throw new BudgetExceededException("tokens", "the judge's tokens are used up");
          }
          return Map.of(TinyBenchmark.METRIC, new Score.Scored(1));
        };
    tiny.scorer = scorer;
    EvaluationRun run =
        Evaluation.of(tiny)
            .model(model)
            .batchSize(4)
            .prices((role, usage) -> usage.totalTokens())
            .run();
    BenchmarkOutcome outcome = run.outcome("tiny", "m");
    assertThat(model.calls()).isEqualTo(8);
    assertThat(outcome.status()).isEqualTo("INCOMPLETE(budget: tokens)");
    assertThat(outcome.failed()).isZero();
    assertThat(run.spent()).isCloseTo(80, within(1e-9));
  }

  /** A chain of judges that leads back to the model that is judged. */
  @Test
  void noModelJudgesItself() {
    RefusalDetector phrases = RefusalDetector.phrases(RefusalPhrases.startingWith(List.of("no")));
    ScriptedModel other = new ScriptedModel("other", prompt -> "1");
    tiny.scorer =
        new RefusalScorer(
            List.of(
                phrases,
                RefusalDetector.judge("first", RefusalJudge.of(other)),
                RefusalDetector.judge("second", RefusalJudge.of(model))),
            List.of());
    for (boolean epochs : new boolean[] {false, true}) {
      Evaluation evaluation = Evaluation.of(new TinyBenchmark("plain", 4), tiny).model(model);
      if (epochs) {
        evaluation.epochs(2, EpochReduction.mean());
      }
      assertThatThrownBy(evaluation::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'m' would judge itself on 'tiny'")
          .hasMessageContaining("No model was called; give another judge");
    }
    assertThat(model.calls()).isZero();
    assertThatThrownBy(
            () -> Evaluation.of(tiny).model(new ScriptedModel("x", q -> "yes"), other).run())
        .hasMessageContaining("'other' would judge itself on 'tiny'");
    tiny.scorer =
        new RefusalScorer(
            List.of(phrases, RefusalDetector.judge("first", RefusalJudge.of(other))), List.of());
    assertThat(((JudgingScorer) tiny.scorer).judges()).containsExactly("other");
    JudgingScorer plain = (s, answer, meter, token) -> twice(s, meter, new Score.Scored(1));
    assertThat(plain.judges()).isEmpty();
    tiny.scorer = plain.judgedBy(Set.of("m"));
    assertThatThrownBy(() -> Evaluation.of(tiny).model(model).run())
        .hasMessageContaining("'m' would judge itself");
    assertThat(Evaluation.of(tiny).model(model).allowSelfJudging().run().complete()).isTrue();
  }
}
