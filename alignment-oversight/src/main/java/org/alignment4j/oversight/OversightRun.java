package org.alignment4j.oversight;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.core.calls.AsyncCall;
import org.alignment4j.core.calls.CallOptions;
import org.alignment4j.core.calls.CallReport;
import org.alignment4j.core.calls.CallResult;
import org.alignment4j.core.calls.Calls;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.FailurePolicy;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.budget.StudyBudget;
import org.apiguardian.api.API;

/**
 * Runs a protocol on many questions, several at a time. Throttling shrinks their number; a question
 * whose model failed in passing is tried again. With models from {@link
 * org.alignment4j.oversight.call.RecordedCalls} that pays for the failed call alone, a run that was
 * killed goes on where it stopped, and a finished one repeats without calling anyone. Seeds of a
 * question follow from the run's seed and the question's id: results do not depend on order or
 * concurrency.
 *
 * <p>A run whose first ten questions all fail ends there: a wrong key fails every question, and
 * each would be paid for with time. Settings are not thread-safe.
 *
 * @param <Q> the questions
 * @param <V> the results
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OversightRun<Q, V> {
  private static final int HOPELESS = 10;

  private final String name;
  private final OversightProtocol<Q, V> protocol;
  private final Function<? super Q, String> ids;
  private long seed;
  private Budget questionBudget = Budget.UNLIMITED;
  private ConcurrencyLimits concurrency = ConcurrencyLimits.atMost(1);
  private Executor executor = Runnable::run;
  private RetryPolicy retry = RetryPolicy.DEFAULT;
  private FailurePolicy failures = FailurePolicy.withoutSuccess(HOPELESS);
  private ProgressListener progress = ProgressListener.none();
  private CancellationToken cancellation = CancellationToken.none();

  private OversightRun(
      String name, OversightProtocol<Q, V> protocol, Function<? super Q, String> ids) {
    this.name = Objects.requireNonNull(name, "name");
    this.protocol = Objects.requireNonNull(protocol, "protocol");
    this.ids = Objects.requireNonNull(ids, "ids");
  }

  /**
   * Prepares a run with seed 0, without budgets.
   *
   * @param name the run's name, for progress
   * @param protocol what to run
   * @param ids names a question; unique
   */
  public static <Q, V> OversightRun<Q, V> of(
      String name, OversightProtocol<Q, V> protocol, Function<? super Q, String> ids) {
    return new OversightRun<>(name, protocol, ids);
  }

  /** Sets where random numbers start. */
  @CanIgnoreReturnValue
  public OversightRun<Q, V> seed(long value) {
    this.seed = value;
    return this;
  }

  /**
   * Sets what each question may cost; what all may cost is said to the recorded calls.
   *
   * @throws IllegalArgumentException if it limits money, which has no prices here
   */
  @CanIgnoreReturnValue
  public OversightRun<Q, V> questionBudget(Budget value) {
    this.questionBudget = StudyBudget.requireNoMoney(value);
    return this;
  }

  /**
   * Sets how many questions run at once; without this one after the other, on the thread that runs.
   *
   * @param limits how many
   * @param threads gives the threads, at least as many as run at once; stays open
   */
  @CanIgnoreReturnValue
  public OversightRun<Q, V> concurrency(ConcurrencyLimits limits, Executor threads) {
    this.concurrency = Objects.requireNonNull(limits, "limits");
    this.executor = Objects.requireNonNull(threads, "threads");
    return this;
  }

  /** Sets when a question is tried again. */
  @CanIgnoreReturnValue
  public OversightRun<Q, V> retry(RetryPolicy value) {
    this.retry = Objects.requireNonNull(value, "retry");
    return this;
  }

  /**
   * Sets which failures end the run; questions that were not run then have no outcome. When a run
   * that failures end has no outcome at all, it throws.
   */
  @CanIgnoreReturnValue
  public OversightRun<Q, V> failures(FailurePolicy value) {
    this.failures = Objects.requireNonNull(value, "failures");
    return this;
  }

  /** Sets who hears how many questions are done. */
  @CanIgnoreReturnValue
  public OversightRun<Q, V> progress(ProgressListener value) {
    this.progress = Objects.requireNonNull(value, "progress");
    return this;
  }

  /** Sets what stops the run at the next call of a model. */
  @CanIgnoreReturnValue
  public OversightRun<Q, V> cancellation(CancellationToken value) {
    this.cancellation = Objects.requireNonNull(value, "cancellation");
    return this;
  }

  /**
   * Runs the protocol on every question.
   *
   * @throws IllegalArgumentException if two questions have one id
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted; recorded calls are
   *     kept
   * @throws ModelExecutionException if failures ended the run before there was any outcome;
   *     recorded calls are kept
   */
  public RunReport<Q, V> run(List<? extends Q> questions) {
    requireUnique(questions);
    CallReport<Outcome<V>> report =
        Calls.<Q, Outcome<V>>of(
                "question",
                AsyncCall.on(
                    executor,
                    (question, attempt) ->
                        protocol.run(question, context(question, attempt.cancellation()))))
            .options(
                CallOptions.DEFAULT
                    .withConcurrency(concurrency)
                    .withRetry(retry)
                    .withFailures(failures)
                    .withSeed(seed))
            .usage(Outcome::usage)
            .progress(name, progress)
            .cancellation(cancellation)
            .run(questions);
    requireOutcome(report);
    return new RunReport<>(List.copyOf(questions), report.results(), report.elapsed());
  }

  private void requireOutcome(CallReport<Outcome<V>> report) {
    if (report.complete() || report.succeeded() > 0) {
      return;
    }
    for (CallResult<Outcome<V>> result : report.results()) {
      if (result instanceof CallResult.Failed<Outcome<V>> failed) {
        throw new ModelExecutionException(
            "a run must come to an outcome but all "
                + report.failed()
                + " questions of '"
                + name
                + "' that were tried failed, the first with "
                + failed.description()
                + "; "
                + report.missing()
                + " were not tried. Mend what it names and run again: recorded calls are kept. To"
                + " try all questions whatever fails, set failures(FailurePolicy.never())",
            failed.error());
      }
    }
  }

  private OversightContext context(Q question, CancellationToken attempt) {
    CancellationToken run = cancellation;
    CancellationToken either = () -> run.isCancelled() || attempt.isCancelled();
    return new OversightContext(
        CallSeed.part(seed, ids.apply(question)), questionBudget, ProgressListener.none(), either);
  }

  private void requireUnique(List<? extends Q> questions) {
    Set<String> seen = new HashSet<>();
    for (Q question : questions) {
      if (!seen.add(ids.apply(question))) {
        throw new IllegalArgumentException(
            "questions must have ids of their own but two have '" + ids.apply(question) + "'");
      }
    }
  }
}
