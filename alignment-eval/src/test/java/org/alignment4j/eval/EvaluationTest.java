package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.Progress;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.core.journal.ResponseCache;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.record.SampleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final RetryPolicy AT_ONCE =
      new RetryPolicy(3, Duration.ZERO, 1, Duration.ZERO, 0, Duration.ZERO);

  @TempDir Path folder;

  private final TinyBenchmark tiny = new TinyBenchmark("tiny", 30);
  private final ScriptedModel model = new ScriptedModel("m", ScriptedModel::mostlyRight);

  @Test
  void figuresAreThoseOfTheBenchmarkOverAllSamplesInOrder() {
    EvaluationRun run = Evaluation.of(tiny).model(model).run();

    BenchmarkOutcome outcome = run.outcome("tiny", "m");
    double[] outcomes = new double[30];
    int[] clusters = new int[30];
    for (int i = 0; i < 30; i++) {
      outcomes[i] = i % 3 == 0 ? 0 : 1;
      clusters[i] = i / 2;
    }
    assertThat(outcome.result().estimate("accuracy"))
        .isEqualTo(Estimates.clusteredProportion(outcomes, clusters));
    assertThat(outcome.samples()).extracting(SampleResult::sampleId).startsWith("s0", "s1", "s2");
    assertThat(outcome.samples()).hasSize(30);
    assertThat(outcome.result().usage().totalTokens()).isEqualTo(300);
    assertThat(outcome.status()).isEqualTo("COMPLETE");
    assertThat(run.complete()).isTrue();
    assertThat(run.report().results()).containsExactly(outcome.result());
    assertThat(tiny.batches).containsExactly(16, 14);
    assertThat(outcome.records()).isEmpty();
  }

  @Test
  void everyBenchmarkMeetsEveryModel() {
    EvaluationRun run =
        Evaluation.of(tiny, new TinyBenchmark("other", 3))
            .model(model, new ScriptedModel("n", prompt -> "no"))
            .run();

    assertThat(run.report().results())
        .extracting(r -> r.benchmark() + " " + r.modelId())
        .containsExactly("tiny m", "tiny n", "other m", "other n");
    assertThat(run.outcome("other", "n").result().estimate("accuracy").value()).isZero();
    assertThatThrownBy(() -> run.outcome("other", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'other' by 'n'")
        .hasMessageContaining("'x'");
  }

  @Test
  void missingCapabilitiesAreToldBeforeTheFirstCallWithWhatStillWorks() {
    TinyBenchmark likelihoods = new TinyBenchmark("choices", 3);
    likelihoods.requires = Set.of(LikelihoodModel.class);
    Evaluation evaluation = Evaluation.of(tiny, likelihoods).model(model);

    assertThatThrownBy(evaluation::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model 'm' cannot run 'choices', which needs LikelihoodModel")
        .hasMessageContaining("benchmarks it can run: tiny");
    assertThat(model.calls()).isZero();
    assertThat(evaluation.benchmarksFor(model)).containsExactly(tiny);
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatThrownBy(() -> Evaluation.of()).hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> Evaluation.of(tiny, new TinyBenchmark("tiny", 1)))
        .hasMessageContaining("'tiny' occurs twice");
    assertThatThrownBy(() -> Evaluation.of(tiny).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must have a model");
    assertThatThrownBy(() -> Evaluation.of(tiny).model(model, model))
        .hasMessageContaining("'m' occurs twice");
    assertThatThrownBy(() -> Evaluation.of(tiny).limit(0))
        .hasMessageContaining("limit must be at least 1 but was 0");
    assertThatThrownBy(() -> Evaluation.of(tiny).batchSize(0))
        .hasMessageContaining("batchSize must be at least 1 but was 0");
  }

  @Test
  void duplicateIdsAndEmptyBenchmarksAreRefusedBeforeTheFirstCall() {
    TinyBenchmark doubled = new TinyBenchmark("doubled", 2);
    doubled.samples = List.of(TinyBenchmark.sample(0), TinyBenchmark.sample(0));

    assertThatThrownBy(() -> Evaluation.of(tiny, doubled).model(model).run())
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("doubled")
        .hasMessageContaining("'s0' occurs again");
    assertThatThrownBy(() -> Evaluation.of(tiny, new TinyBenchmark("empty", 0)).model(model).run())
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("empty")
        .hasMessageContaining("at least one sample");
    assertThat(model.calls()).isZero();
  }

  @Test
  void limitsTakeTheFirstSamplesOrDrawThemBySeed() {
    EvaluationRun first = Evaluation.of(tiny).model(model).limit(4).run();
    assertThat(ids(first)).containsExactly("s0", "s1", "s2", "s3");

    List<String> drawn = ids(Evaluation.of(tiny).model(model).limit(8, 1).run());
    assertThat(drawn).hasSize(8).isNotEqualTo(ids(Evaluation.of(tiny).model(model).limit(8).run()));
    assertThat(ids(Evaluation.of(tiny).model(model).limit(8, 1).run())).isEqualTo(drawn);
    assertThat(ids(Evaluation.of(tiny).model(model).limit(8, 2).run())).isNotEqualTo(drawn);
    assertThat(ids(Evaluation.of(tiny).model(model).limit(4, 1).run())).isSubsetOf(drawn);
  }

  private static List<String> ids(EvaluationRun run) {
    return run.outcomes().get(0).samples().stream().map(SampleResult::sampleId).toList();
  }

  @Test
  void oneBadPromptFailsAloneAndNeverCountsAsZero() {
    ScriptedModel failing =
        new ScriptedModel(
            "f",
            prompt -> {
              if (prompt.equals("q4")) {
                throw new IllegalArgumentException("too long");
              }
              return "yes";
            });
    BenchmarkOutcome outcome = Evaluation.of(tiny).model(failing).run().outcome("tiny", "f");

    Estimate estimate = outcome.result().estimate("accuracy");
    assertThat(estimate.value()).isEqualTo(1.0);
    assertThat(estimate.n()).isEqualTo(29);
    assertThat(estimate.failed()).isEqualTo(1);
    assertThat(outcome.failed()).isEqualTo(1);
    assertThat(outcome.missing()).isZero();
    assertThat(outcome.samples().get(4).scores())
        .containsEntry("accuracy", new Score.Failed("IllegalArgumentException: too long"));
  }

  @Test
  void samplesWithoutVerdictAreCountedBesideTheFigure() {
    ScriptedModel unsure = new ScriptedModel("u", p -> p.equals("q1") ? "dunno" : "yes");
    BenchmarkOutcome outcome = Evaluation.of(tiny).model(unsure).run().outcome("tiny", "u");

    assertThat(outcome.result().estimate("accuracy").unscored()).isEqualTo(1);
    assertThat(outcome.result().estimate("accuracy").n()).isEqualTo(29);
    assertThat(outcome.unscored()).isEqualTo(1);
  }

  @Test
  void failurePoliciesEndTheRunAndWhatIsLeftIsMissing() {
    ScriptedModel broken =
        new ScriptedModel(
            "b",
            prompt -> {
              throw new ModelExecutionException("down");
            });
    BenchmarkOutcome never = outcome(broken, FailurePolicy.never());
    assertThat(never.failed()).isEqualTo(30);
    assertThat(never.result().estimate("accuracy").n()).isZero();
    assertThat(never.result().estimate("accuracy").value()).isNaN();

    BenchmarkOutcome first = outcome(broken, FailurePolicy.first());
    assertThat(first.failed()).isEqualTo(2);
    assertThat(first.missing()).isEqualTo(28);
    assertThat(first.status()).isEqualTo("INCOMPLETE(failures: 2 of 2)");

    assertThat(outcome(broken, FailurePolicy.count(5)).failed()).isEqualTo(6);
    assertThat(outcome(broken, FailurePolicy.fraction(0.1)).failed()).isEqualTo(4);
  }

  private BenchmarkOutcome outcome(ScriptedModel broken, FailurePolicy policy) {
    return Evaluation.of(tiny)
        .model(broken)
        .batchSize(2)
        .failures(policy)
        .run()
        .outcome("tiny", broken.id());
  }

  @Test
  void failedSamplesAreTriedAgainAndNoOthers() {
    AtomicInteger downs = new AtomicInteger(2);
    ScriptedModel flaky =
        new ScriptedModel(
            "f",
            prompt -> {
              if (prompt.equals("q4") && downs.getAndDecrement() > 0) {
                throw new ModelExecutionException("down");
              }
              return ScriptedModel.mostlyRight(prompt);
            });
    Evaluation evaluation = Evaluation.of(tiny).model(flaky).batchSize(1).runFolder(folder);
    downs.set(1);
    assertThat(evaluation.run().outcome("tiny", "f").failed()).isEqualTo(1);

    BenchmarkOutcome again = evaluation.run().outcome("tiny", "f");
    assertThat(again.failed()).isZero();
    assertThat(flaky.asked).containsEntry("q4", 2);
    assertThat(flaky.calls()).isEqualTo(31);
    assertThat(again.samples())
        .isEqualTo(Evaluation.of(tiny).model(model).run().outcome("tiny", "m").samples());
  }

  @Test
  void aFailingJudgeFailsTheSampleAndKeepsItsAnswer() {
    tiny.scorer =
        (sample, answer, token) -> {
          if (sample.id().equals("s2")) {
            throw new ModelExecutionException("judge down");
          }
          return TinyBenchmark.exactMatch(sample, answer, token);
        };
    BenchmarkOutcome outcome =
        Evaluation.of(tiny).model(model).runFolder(folder).run().outcome("tiny", "m");

    assertThat(outcome.failed()).isEqualTo(1);
    assertThat(outcome.samples().get(2).scores().get("accuracy")).isInstanceOf(Score.Failed.class);
    assertThat(outcome.result().usage().totalTokens()).isEqualTo(300);
    assertThat(outcome.records().orElseThrow()).content().contains("judge down");
  }

  @Test
  void aJudgeThatIsThrottledIsAskedAgainAndTheModelIsNot() {
    Set<String> throttled = ConcurrentHashMap.newKeySet();
    tiny.scorer =
        (sample, answer, token) -> {
          if (throttled.add(sample.id())) {
            throw new RemoteCallException("slow down", 429, true, null, null);
          }
          return TinyBenchmark.exactMatch(sample, answer, token);
        };
    BenchmarkOutcome outcome =
        Evaluation.of(tiny).model(model).batchSize(1).retry(AT_ONCE).run().outcome("tiny", "m");

    assertThat(outcome.failed()).isZero();
    assertThat(model.calls()).isEqualTo(30);
  }

  @Test
  void throttledModelsComeToTheFiguresOfAQuietRun() {
    Map<String, Integer> tries = new ConcurrentHashMap<>();
    ScriptedModel storm =
        new ScriptedModel(
            "m",
            prompt -> {
              int number = tries.merge(prompt, 1, Integer::sum);
              if (number <= ScriptedModel.number(prompt) % 3) {
                throw new RemoteCallException(
                    "no", number % 2 == 0 ? 503 : 429, true, Duration.ZERO, null);
              }
              return ScriptedModel.mostlyRight(prompt);
            });
    ExecutorService threads = Executors.newFixedThreadPool(8);
    BenchmarkOutcome outcome;
    try {
      outcome =
          Evaluation.of(tiny)
              .model(storm)
              .concurrency(ConcurrencyLimits.atMost(4), threads)
              .retry(AT_ONCE)
              .run()
              .outcome("tiny", "m");
    } finally {
      threads.shutdownNow();
    }

    assertThat(outcome).isEqualTo(Evaluation.of(tiny).model(model).run().outcome("tiny", "m"));
    assertThat(storm.peak.get()).isBetween(1, 4);
    assertThat(tries.get("q2")).isEqualTo(3);
  }

  @Test
  void callsOfLocalModelsRunOnTheCallersThreadOneAfterTheOther() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    ScriptedModel local =
        new ScriptedModel(
            "l",
            prompt -> {
              threads.add(Thread.currentThread());
              return "yes";
            });
    Evaluation.of(tiny).model(local).batchSize(3).run();
    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(local.peak.get()).isEqualTo(1);
  }

  @Test
  void cancellationKeepsWhatIsFinished() {
    Cancellation cancellation = new Cancellation();
    ScriptedModel slow =
        new ScriptedModel(
            "m",
            prompt -> {
              if (prompt.equals("q9")) {
                cancellation.cancel();
              }
              return ScriptedModel.mostlyRight(prompt);
            });
    Evaluation evaluation =
        Evaluation.of(tiny).model(slow).batchSize(1).runFolder(folder).cancellation(cancellation);

    assertThatThrownBy(evaluation::run)
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("tiny was stopped after")
        .hasMessageContaining("of 30 samples; run it again to go on");
    assertThat(slow.calls()).isEqualTo(10);

    BenchmarkOutcome resumed =
        Evaluation.of(tiny).model(model).runFolder(folder).run().outcome("tiny", "m");
    assertThat(model.calls()).isBetween(20, 21);
    assertThat(resumed.samples())
        .isEqualTo(Evaluation.of(tiny).model(model).run().outcome("tiny", "m").samples());
  }

  @Test
  void progressCountsSamplesAndEndsAtTheTotal() {
    List<Progress> heard = new ArrayList<>();
    Evaluation.of(tiny).model(model).onProgress(heard::add).run();

    Progress last = heard.get(heard.size() - 1);
    assertThat(last.task()).isEqualTo("tiny");
    assertThat(last.unit()).isEqualTo("samples");
    assertThat(last.done()).isEqualTo(30);
    assertThat(last.total()).hasValue(30);
    assertThat(last.metrics()).containsEntry("failed", 0.0);
  }

  @Test
  void theRateLeavesOutWhatWasFinishedBefore() {
    SampleMeter meter = new SampleMeter("tiny", 100);
    for (int i = 0; i < 90; i++) {
      meter.known();
    }
    assertThat(meter.progress(Duration.ofSeconds(1)).rate()).isZero();
    for (int i = 0; i < 4; i++) {
      meter.finished(
          SampleRecord.failed(
              TinyBenchmark.sample(i), SampleRecord.NO_ANSWER, List.of("accuracy"), "down"));
    }
    Progress progress = meter.progress(Duration.ofSeconds(3));
    assertThat(progress.rate()).isCloseTo(2, within(1e-12));
    assertThat(progress.done()).isEqualTo(94);
    assertThat(progress.remaining()).contains(Duration.ofSeconds(3));
    assertThat(progress.metrics()).containsEntry("failed", 4.0);
  }

  @Test
  void aCacheIsSharedBetweenEvaluations() {
    try (ResponseCache cache = ResponseCache.open(folder.resolve("cache.jsonl"))) {
      BenchmarkOutcome first =
          Evaluation.of(tiny).model(model).cache(cache).run().outcome("tiny", "m");
      BenchmarkOutcome second =
          Evaluation.of(tiny).model(model).cache(cache).run().outcome("tiny", "m");
      assertThat(model.calls()).isEqualTo(30);
      assertThat(second).isEqualTo(first);
    }
  }

  @Test
  void provenanceTellsDataVersionsSeedsAndOptions() {
    EvaluationRun run =
        Evaluation.of(tiny).model(model).limit(5, 7).parameter("system", "kind").run();

    assertThat(run.report().provenance().hashes())
        .containsEntry("tiny", run.outcomes().get(0).key().data());
    assertThat(run.report().provenance().seeds()).containsEntry("samples", 7L);
    assertThat(run.report().provenance().options())
        .containsEntry("limit", "5")
        .containsEntry("parameter system", "kind");
    assertThat(run.report().provenance().versions()).containsEntry("tiny", "1").containsKey("jvm");
    assertThat(run.report().provenance().parents())
        .extracting(p -> p.kind() + " " + p.name())
        .containsExactly("dataset tiny", "model m");
  }

  @Test
  void samplesThatChangeBetweenReadingsAreRefused() {
    AtomicInteger readings = new AtomicInteger();
    TinyBenchmark unstable =
        new TinyBenchmark("unstable", 5) {
          @Override
          public Stream<Sample> samples() {
            return readings.getAndIncrement() == 0
                ? super.samples()
                : super.samples().sorted((a, b) -> b.id().compareTo(a.id()));
          }
        };
    assertThatThrownBy(() -> Evaluation.of(unstable).model(model).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'unstable' must be the same each time");
  }

  @Test
  void aSolverMustGiveOneAnswerPerSample() {
    TinyBenchmark short1 =
        new TinyBenchmark("short", 5) {
          @Override
          public Solver solver() {
            Solver whole = super.solver();
            return new Solver() {
              @Override
              public Set<Class<? extends Model>> requires() {
                return whole.requires();
              }

              @Override
              public List<Answer> solve(List<Sample> asked, Model m, CancellationToken token) {
                return whole.solve(asked.subList(1, asked.size()), m, token);
              }
            };
          }
        };
    assertThatThrownBy(() -> Evaluation.of(short1).model(model).run())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'short' gave 4 for 5");
  }
}
