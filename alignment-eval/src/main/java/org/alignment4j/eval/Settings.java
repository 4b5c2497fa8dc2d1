package org.alignment4j.eval;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.core.calls.CallOptions;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.core.calls.PriceTable;
import org.alignment4j.core.calls.ResultOrder;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.core.journal.ResponseCache;
import org.jspecify.annotations.Nullable;

/** How an evaluation goes about its work; see {@link Evaluation} for what each means. */
final class Settings {
  private static final int LOCAL_BATCH = 16;

  OptionalLong limit = OptionalLong.empty();
  OptionalLong seed = OptionalLong.empty();
  @Nullable Epochs epochs;
  OptionalInt batch = OptionalInt.empty();
  Optional<Path> folder = Optional.empty();
  Map<String, String> parameters = Map.of();
  Optional<ConcurrencyLimits> concurrency = Optional.empty();
  Executor executor = Runnable::run;
  RetryPolicy retry = RetryPolicy.DEFAULT;
  FailurePolicy failures = FailurePolicy.never();
  Budget budget = Budget.UNLIMITED;
  PriceTable prices = PriceTable.free();
  ProgressListener progress = ProgressListener.none();
  CancellationToken cancellation = CancellationToken.none();
  CallClock clock = CallClock.system();
  @Nullable ResponseCache cache;
  boolean selfJudging;

  Settings() {}

  Settings(Settings other) {
    this.limit = other.limit;
    this.seed = other.seed;
    this.epochs = other.epochs;
    this.batch = other.batch;
    this.folder = other.folder;
    this.parameters = other.parameters;
    this.concurrency = other.concurrency;
    this.executor = other.executor;
    this.retry = other.retry;
    this.failures = other.failures;
    this.budget = other.budget;
    this.prices = other.prices;
    this.progress = other.progress;
    this.cancellation = other.cancellation;
    this.clock = other.clock;
    this.cache = other.cache;
    this.selfJudging = other.selfJudging;
  }

  /** The options that are part of an evaluation's provenance. */
  Map<String, String> options() {
    ImmutableMap.Builder<String, String> options = ImmutableMap.builder();
    limit.ifPresent(most -> options.put("limit", Long.toString(most)));
    if (epochs != null) {
      options.put("epochs", epochs.count() + ", " + epochs.reduction());
    }
    parameters.forEach((name, value) -> options.put("parameter " + name, value));
    return options.buildOrThrow();
  }

  /** Samples per call of a solver: one where calls run side by side and share nothing. */
  int batchSize() {
    return batch.orElse(concurrency.isPresent() ? 1 : LOCAL_BATCH);
  }

  Optional<ConcurrencyLimits> concurrency() {
    return concurrency;
  }

  Executor executor() {
    return executor;
  }

  RetryPolicy retry() {
    return retry;
  }

  FailurePolicy failures() {
    return failures;
  }

  ProgressListener progress() {
    return progress;
  }

  CancellationToken cancellation() {
    return cancellation;
  }

  CallClock clock() {
    return clock;
  }

  /** Failures are counted by sample, not by call; results are put in order at the end. */
  CallOptions callOptions(Optional<Duration> timeLeft) {
    return CallOptions.DEFAULT
        .withConcurrency(concurrency.orElse(ConcurrencyLimits.atMost(1)))
        .withRetry(retry)
        .withBudget(timeLeft.map(budget::withTime).orElse(budget))
        .withOrder(ResultOrder.AS_THEY_COME);
  }

  /** The model as a benchmark's solver sees it: behind the cache where that can answer. */
  Model asked(Model model, Benchmark benchmark) {
    return cache != null
            && model instanceof LanguageModel language
            && Capabilities.generatesOnly(benchmark)
        ? cache.caching(language)
        : model;
  }
}
