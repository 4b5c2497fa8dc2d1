package org.alignment4j.eval;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.calls.AsyncCall;
import org.alignment4j.core.calls.Attempt;
import org.alignment4j.core.calls.CallReport;
import org.alignment4j.core.calls.CallResult;
import org.alignment4j.core.calls.Calls;
import org.alignment4j.core.calls.UsageLedger;
import org.alignment4j.eval.record.RunKey;
import org.alignment4j.eval.record.SampleRecord;

/** One model on one benchmark. Used by one thread. */
final class BenchmarkRun {
  private final Settings settings;
  private final SampleSet set;
  private final Benchmark benchmark;
  private final String model;
  private final RunKey key;
  private final SampleStore store;
  private final UsageLedger ledger;
  private final SampleMeter meter;
  private final BatchRunner runner;
  private String tooManyFailures = "";

  BenchmarkRun(
      Settings settings,
      SampleSet set,
      NamedModel named,
      RunKey key,
      SampleStore store,
      UsageLedger ledger) {
    this.settings = settings;
    this.set = set;
    this.benchmark = set.benchmark();
    this.model = named.name();
    this.key = key;
    this.store = store;
    this.ledger = ledger;
    this.meter = new SampleMeter(benchmark.name(), set.size());
    this.runner =
        new BatchRunner(
            benchmark,
            settings.asked(named.model(), benchmark),
            store,
            settings.retry().maxAttempts(),
            settings.cancellation());
  }

  /**
   * Runs what is not finished and estimates.
   *
   * @param timeLeft how much of the budget's time is left; empty for no limit
   */
  BenchmarkOutcome run(Optional<Duration> timeLeft, Optional<Path> records) {
    CallReport<Batch> report;
    try (SampleSet.Reader samples = set.open()) {
      BatchSource source = new BatchSource(samples, settings.batchSize(), store, this::known);
      report = call(source, timeLeft);
    } catch (CancelledException e) {
      throw new CancelledException(
          benchmark.name()
              + " was stopped after "
              + meter.done()
              + " of "
              + meter.total()
              + " samples; "
              + (records.isPresent()
                  ? "run it again to go on"
                  : "give a run folder to keep what is finished"),
          e);
    }
    return collect(tooManyFailures.isEmpty() ? report.incomplete() : tooManyFailures, records);
  }

  private CallReport<Batch> call(BatchSource source, Optional<Duration> timeLeft) {
    if (settings.concurrency().isEmpty()) {
      return calls((batch, attempt) -> direct(batch, attempt), timeLeft)
          .run(source, OptionalLong.empty(), result -> take(source, result));
    }
    return calls(AsyncCall.on(settings.executor(), runner::run), timeLeft)
        .run(source, OptionalLong.empty(), result -> take(source, result));
  }

  /** Runs on the thread that drives the run: a local model is asked by its caller's thread. */
  private CompletableFuture<Batch> direct(Batch batch, Attempt attempt) {
    try {
      return CompletableFuture.completedFuture(runner.run(batch, attempt));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Calls<Batch, Batch> calls(AsyncCall<Batch, Batch> call, Optional<Duration> timeLeft) {
    Calls<Batch, Batch> calls = Calls.of(Evaluation.TARGET, call);
    calls.options(settings.callOptions(timeLeft));
    calls.usage(Batch::usage);
    calls.ledger(ledger);
    calls.clock(settings.clock());
    calls.cancellation(settings.cancellation());
    calls.progress(
        benchmark.name(),
        progress -> settings.progress().onProgress(meter.progress(progress.elapsed())));
    return calls;
  }

  private void known(SampleStore.Finished finished) {
    meter.known();
    ledger.add(Evaluation.TARGET, finished.usage());
    finished.scoring().forEach(ledger::add);
  }

  private void take(BatchSource source, CallResult<Batch> result) {
    Batch batch = source.close(result.index());
    batch.throwIfFatal();
    batch.known().forEach(this::known);
    batch.scoring().forEach(ledger::add);
    if (!(result instanceof CallResult.Succeeded<Batch>)) {
      // The ledger books the answers of a batch only when its call ends well.
      ledger.add(Evaluation.TARGET, batch.usage());
    }
    if (result instanceof CallResult.Failed<Batch> failed) {
      batch
          .open()
          .forEach(
              sample -> {
                SampleRecord sampleRecord = runner.failed(batch, sample, failed.error());
                store.put(sampleRecord);
                batch.finished(sampleRecord);
              });
    }
    batch.records().forEach(meter::finished);
    boolean ends =
        settings.failures().ends(meter.failed(), meter.done(), OptionalLong.of(meter.total()));
    if (meter.failed() > 0 && ends && tooManyFailures.isEmpty()) {
      tooManyFailures = "failures: " + meter.failed() + " of " + meter.done();
      source.stop();
    }
  }

  /** Reads all results in the order of the samples, whatever the order in which they came. */
  private BenchmarkOutcome collect(String reason, Optional<Path> records) {
    List<SampleResult> results = new ArrayList<>();
    Usage usage = Usage.NONE;
    Map<String, Usage> byRole = new LinkedHashMap<>();
    byRole.put(Evaluation.TARGET, Usage.NONE);
    long failed = 0;
    try (SampleSet.Reader samples = set.open()) {
      while (samples.hasNext()) {
        Optional<SampleStore.Finished> kept = store.get(samples.next().id());
        if (kept.isPresent()) {
          results.add(kept.get().result());
          byRole.merge(Evaluation.TARGET, kept.get().usage(), Usage::plus);
          kept.get().scoring().forEach((role, cost) -> byRole.merge(role, cost, Usage::plus));
          failed += kept.get().failed() ? 1 : 0;
        }
      }
    }
    for (Usage ofRole : byRole.values()) {
      usage = usage.plus(ofRole);
    }
    long missing = set.size() - results.size();
    BenchmarkResult result =
        new BenchmarkResult(
            benchmark.name(),
            benchmark.version(),
            benchmark.dimension(),
            model,
            benchmark.metrics(),
            benchmark.estimate(results),
            usage,
            missing == 0 ? "" : reason);
    return new BenchmarkOutcome(
        result,
        key,
        results,
        failed,
        missing,
        records,
        byRole,
        Optional.ofNullable(settings.epochs).map(Epochs::reduction),
        Optional.of(
            benchmark instanceof RepeatedBenchmark repeated ? repeated.benchmark() : benchmark));
  }
}
