package org.alignment4j.eval;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.core.calls.CallClock;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.core.calls.PriceTable;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.core.journal.ResponseCache;
import org.apiguardian.api.API;

/**
 * Runs benchmarks on models.
 *
 * <pre>{@code
 * EvaluationRun run =
 *     Evaluation.of(truthfulQa, xsTest)
 *         .model(base, aligned)
 *         .limit(200)
 *         .runFolder(Path.of("runs/alignment"))
 *         .run();
 * }</pre>
 *
 * <p>Before the first call every benchmark is read once and its data checked, and a model that
 * lacks what a benchmark needs is refused. Samples are put to the model in batches; where a batch
 * fails its samples are asked one by one. A sample whose call fails is a failed sample and never a
 * value; one that the run ended before is missing. With a run folder every finished sample is kept
 * on disk when it is finished: a run that was killed goes on where it stopped, asks for no answer
 * again that it has, and comes to the results of one that was never stopped; failed samples are
 * tried again. Without one, scores stay in memory and answers are dropped.
 *
 * <p>Settings are not thread-safe; one instance may be run several times, one after the other.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Evaluation {
  /** The role under which the usage of the models under evaluation is priced. */
  public static final String TARGET = "target";

  private final List<Benchmark> benchmarks;
  private final List<NamedModel> models = new ArrayList<>();
  private final Settings settings = new Settings();

  private Evaluation(List<Benchmark> benchmarks) {
    this.benchmarks = benchmarks;
  }

  /**
   * Starts from benchmarks.
   *
   * @param benchmarks at least one, of different names
   * @throws IllegalArgumentException if there is none or a name occurs twice
   */
  public static Evaluation of(Benchmark... benchmarks) {
    return of(List.of(benchmarks));
  }

  /**
   * Starts from benchmarks.
   *
   * @param benchmarks at least one, of different names
   * @throws IllegalArgumentException if there is none or a name occurs twice
   */
  public static Evaluation of(List<? extends Benchmark> benchmarks) {
    if (benchmarks.isEmpty()) {
      throw new IllegalArgumentException("benchmarks must not be empty");
    }
    Set<String> names = new HashSet<>();
    for (Benchmark benchmark : benchmarks) {
      if (!names.add(benchmark.name())) {
        throw new IllegalArgumentException(
            "benchmarks must have different names but '" + benchmark.name() + "' occurs twice");
      }
    }
    return new Evaluation(List.copyOf(benchmarks));
  }

  /**
   * Adds models to be evaluated, which reports call by their identities.
   *
   * @throws IllegalArgumentException if an identity or name was added before
   */
  @CanIgnoreReturnValue
  public Evaluation model(Model... more) {
    for (Model model : more) {
      model(model.id(), model);
    }
    return this;
  }

  /**
   * Adds a model under a name of its own, such as {@code candidate}: reports, gates and comparisons
   * call it so. What is kept in a run folder goes by its identity all the same.
   *
   * @param name what it is called
   * @throws IllegalArgumentException if the name is blank, or name or identity were added before
   */
  @CanIgnoreReturnValue
  public Evaluation model(String name, Model model) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a model's name must not be blank");
    }
    if (models.stream().anyMatch(other -> other.model().id().equals(model.id()))) {
      throw new IllegalArgumentException(
          "models must have different identities but '"
              + model.id()
              + "' occurs twice; a model that may answer differently needs an id of its own");
    }
    if (models.stream().anyMatch(other -> other.name().equals(name))) {
      throw new IllegalArgumentException(
          "models must have different names but '" + name + "' occurs twice");
    }
    models.add(new NamedModel(name, model));
    return this;
  }

  /** Returns the benchmarks, in order. */
  public List<Benchmark> benchmarks() {
    return benchmarks;
  }

  /**
   * Returns what is measured on a benchmark: its metrics, or those of what epochs come to.
   *
   * @param benchmark one of {@link #benchmarks()}
   */
  public List<Metric> metrics(Benchmark benchmark) {
    return settings.epochs == null
        ? benchmark.metrics()
        : new RepeatedBenchmark(benchmark, settings.epochs).metrics();
  }

  /** Returns the names of the models that were added, in order. */
  public List<String> models() {
    return models.stream().map(NamedModel::name).toList();
  }

  /** Returns the benchmarks that a model has all capabilities for. */
  public List<Benchmark> benchmarksFor(Model model) {
    return benchmarks.stream().filter(b -> Capabilities.suffices(model, b)).toList();
  }

  /**
   * Sets the most samples of each benchmark, the first ones in its order; of a benchmark whose
   * clusters mean something only as a whole, the first clusters that fit.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  @CanIgnoreReturnValue
  public Evaluation limit(long samples) {
    if (samples < 1) {
      throw new IllegalArgumentException("limit must be at least 1 but was " + samples);
    }
    settings.limit = OptionalLong.of(samples);
    settings.seed = OptionalLong.empty();
    return this;
  }

  /**
   * Sets the most samples of each benchmark, drawn at random: files are often sorted by subject, so
   * that the first ones are of one kind. Whether a sample is drawn depends on the seed and the ids
   * alone. Of a benchmark whose clusters mean something only as a whole, whole clusters are drawn.
   *
   * @param samples most samples
   * @param seed where random numbers start
   * @throws IllegalArgumentException if there is to be no sample
   */
  @CanIgnoreReturnValue
  public Evaluation limit(long samples, long seed) {
    limit(samples);
    settings.seed = OptionalLong.of(seed);
    return this;
  }

  /**
   * Solves each sample several times, each time with other random numbers, which a solver's seed
   * and the number of the epoch decide: the first epoch is the evaluation without epochs. What the
   * scores of a sample come to is estimated from as one, so that intervals are over samples. Limits
   * count samples; progress, failures and the outcome's results count each epoch. A sample of which
   * some epochs failed or have no verdict is estimated by its others, in an estimate's {@code n},
   * and counted in its {@code failed} or {@code unscored} as well. Metrics of the best of k are
   * named for it, {@code accuracy pass@2}, and have no chance level. Epochs of a greedy solver are
   * alike. A run folder goes on from fewer epochs to more.
   *
   * @param times how often, at least 1
   * @param reduction what the scores of a sample come to
   * @throws IllegalArgumentException if there is no epoch, or fewer than the reduction needs
   */
  @CanIgnoreReturnValue
  public Evaluation epochs(int times, EpochReduction reduction) {
    settings.epochs = new Epochs(times, reduction);
    return this;
  }

  /**
   * Sets how many samples a solver gets at once. The default is 16, and 1 for concurrent calls.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  @CanIgnoreReturnValue
  public Evaluation batchSize(int samples) {
    if (samples < 1) {
      throw new IllegalArgumentException("batchSize must be at least 1 but was " + samples);
    }
    settings.batch = OptionalInt.of(samples);
    return this;
  }

  /**
   * Sets where finished samples are kept: one file for each benchmark and model, of which data,
   * identities, parameters, limit and seed are part of the name.
   */
  @CanIgnoreReturnValue
  public Evaluation runFolder(Path folder) {
    settings.folder = Optional.of(folder);
    return this;
  }

  /**
   * Adds what else the answers depend on that neither the benchmark nor the model's identity tells;
   * runs with other values do not share what was finished.
   *
   * @param name such as {@code system-prompt}
   * @param value its value or a hash of it; no secret
   */
  @CanIgnoreReturnValue
  public Evaluation parameter(String name, String value) {
    ImmutableMap.Builder<String, String> all = ImmutableMap.builder();
    settings.parameters = all.putAll(settings.parameters).put(name, value).buildKeepingLast();
    return this;
  }

  /**
   * Lets batches run side by side, as remote models allow; without it they run one after the other
   * on the caller's thread.
   *
   * @param limits how many at once
   * @param executor gives the threads, at least as many as run at once; stays open
   */
  @CanIgnoreReturnValue
  public Evaluation concurrency(ConcurrencyLimits limits, Executor executor) {
    settings.concurrency = Optional.of(limits);
    settings.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /** Sets when a call that failed for a passing reason is tried again. */
  @CanIgnoreReturnValue
  public Evaluation retry(RetryPolicy policy) {
    settings.retry = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets how many failed samples end the run of a model on a benchmark; others go on. The default
   * is never. Samples left are missing.
   */
  @CanIgnoreReturnValue
  public Evaluation failures(FailurePolicy policy) {
    settings.failures = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets what all models on all benchmarks may cost together. What is under way when a limit is
   * reached is finished, the samples left are missing, and the results say so. What scorers spend
   * on judges counts too. Calls, tokens and money of samples that an earlier run finished count, so
   * that going on does not spend twice; time is that of this run. To go on beyond a limit, run
   * again with a higher one.
   */
  @CanIgnoreReturnValue
  public Evaluation budget(Budget limits) {
    settings.budget = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Sets what usage costs: of the role {@link #TARGET}, and of models that scorers ask, such as
   * {@link org.alignment4j.api.evaluation.JudgingScorer#JUDGE}.
   */
  @CanIgnoreReturnValue
  public Evaluation prices(PriceTable table) {
    settings.prices = Objects.requireNonNull(table, "table");
    return this;
  }

  /**
   * Sets a cache of completions, which may be shared with other evaluations and stays open. It
   * serves benchmarks that need nothing but a language model; a cached completion counts as costing
   * what it did when it was made.
   */
  @CanIgnoreReturnValue
  public Evaluation cache(ResponseCache responses) {
    settings.cache = Objects.requireNonNull(responses, "responses");
    return this;
  }

  /** Lets a model be the judge of its own answers, which it tends to prefer. */
  @CanIgnoreReturnValue
  public Evaluation allowSelfJudging() {
    settings.selfJudging = true;
    return this;
  }

  /** Sets who hears how many samples are finished, with the time left. */
  @CanIgnoreReturnValue
  public Evaluation onProgress(ProgressListener listener) {
    settings.progress = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /** Sets what stops the run; interrupting its thread does so too. */
  @CanIgnoreReturnValue
  public Evaluation cancellation(CancellationToken token) {
    settings.cancellation = Objects.requireNonNull(token, "token");
    return this;
  }

  /** Sets the clock of budgets and of waits between attempts. */
  @CanIgnoreReturnValue
  public Evaluation clock(CallClock value) {
    settings.clock = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Runs every benchmark on every model.
   *
   * @throws IllegalStateException if there is no model, a solver does not give one answer a sample,
   *     or a benchmark's samples change between two readings
   * @throws org.alignment4j.eval.solve.InvalidScoreException if a scorer gives a score of no metric
   *     or outside its range; finished samples are in the run folder
   * @throws IllegalArgumentException if a model lacks what a benchmark needs: names the benchmarks,
   *     what they need, and those that the model can run; if a benchmark that does not generate is
   *     to be solved in epochs; if a model would judge its own answers; or if the limit has no room
   *     for a whole cluster of a benchmark that needs them whole; no model was called
   * @throws org.alignment4j.api.DataFormatException if a benchmark has no sample, an id occurs
   *     twice or the data breaks its format, before the first call; or if a kept file is damaged
   * @throws org.alignment4j.api.RunFolderException if a file of the run folder has another owner or
   *     is of a newer version
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted; finished samples
   *     are in the run folder
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public EvaluationRun run() {
    if (models.isEmpty()) {
      throw new IllegalStateException("an evaluation must have a model; call model(...) first");
    }
    Capabilities.require(benchmarks, models.stream().map(NamedModel::model).toList());
    if (!settings.selfJudging) {
      Capabilities.requireOtherJudges(benchmarks, models.stream().map(NamedModel::model).toList());
    }
    if (settings.epochs != null) {
      Capabilities.requireSampling(benchmarks);
    }
    return new EvaluationLoop(benchmarks, List.copyOf(models), new Settings(settings)).run();
  }
}
