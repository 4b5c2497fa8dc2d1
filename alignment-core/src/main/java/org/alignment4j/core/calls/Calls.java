package org.alignment4j.core.calls;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.JsonCodec;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function on many inputs, several at a time.
 *
 * <p>Throttling (HTTP 429) shrinks the number of calls at once and is tried again after the wait
 * the endpoint asks for; server errors, I/O failures and time-outs are tried again after a backoff;
 * from the third of these in a row on, new calls wait too. Anything else fails at once, a response
 * that does not parse too: a Jackson exception or a {@link
 * java.nio.charset.CharacterCodingException} is an I/O exception by type but not a failure of the
 * transport. To have such a response tried again throw a retryable {@link
 * org.alignment4j.api.RemoteCallException} in its stead. When the budget is used up, the failure
 * policy is met or the run is cancelled, nothing new is started.
 *
 * <p>With a journal, an answer is written before it counts, and inputs whose answer is known are
 * not called: a run that was killed goes on where it stopped. Inputs with equal keys are called
 * once. Failures are not kept.
 *
 * <p>The run is driven by the thread that calls {@code run}; it hands over results and progress on
 * that thread. Settings are not thread-safe; one instance may be run several times, one after the
 * other.
 *
 * @param <I> the inputs
 * @param <O> the answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Calls<I, O> {
  final String role;
  final AsyncCall<I, O> call;
  CallOptions options = CallOptions.DEFAULT;
  Function<? super O, Usage> usage = answer -> new Usage(1, 0, 0, 0, 0, 0, Duration.ZERO);
  @Nullable UsageLedger ledger;
  @Nullable CallMemory<I, O> memory;
  String task;
  ProgressListener progress = ProgressListener.none();
  CancellationToken cancellation = CancellationToken.none();
  CallClock clock = CallClock.system();

  private Calls(String role, AsyncCall<I, O> call) {
    this.role = Objects.requireNonNull(role, "role");
    this.call = Objects.requireNonNull(call, "call");
    this.task = role;
  }

  /**
   * Starts from the default options.
   *
   * @param role under which usage is summed, such as {@code target} or {@code judge}
   * @param call what to call; for a blocking function {@link AsyncCall#on}
   * @param <I> the inputs
   * @param <O> the answers
   */
  public static <I, O> Calls<I, O> of(String role, AsyncCall<I, O> call) {
    return new Calls<>(role, call);
  }

  /** Sets how the run goes about its calls. */
  @CanIgnoreReturnValue
  public Calls<I, O> options(CallOptions value) {
    this.options = Objects.requireNonNull(value, "options");
    return this;
  }

  /** Sets how to read an answer's usage; the default counts one call and no tokens. */
  @CanIgnoreReturnValue
  public Calls<I, O> usage(Function<? super O, Usage> reader) {
    this.usage = Objects.requireNonNull(reader, "usage");
    return this;
  }

  /** Sets where usage is summed, for prices or a budget shared between runs. */
  @CanIgnoreReturnValue
  public Calls<I, O> ledger(UsageLedger shared) {
    this.ledger = Objects.requireNonNull(shared, "ledger");
    return this;
  }

  /**
   * Sets where answers are kept and found again.
   *
   * @param journal where; stays open after the run
   * @param keys gives an input's key, such as {@link org.alignment4j.core.journal.RequestKey#of}:
   *     equal only where the answers may be equal
   * @param codec the form of an answer
   */
  @CanIgnoreReturnValue
  public Calls<I, O> journal(
      Journal journal, Function<? super I, ContentHash> keys, JsonCodec<O> codec) {
    this.memory = new CallMemory<>(journal, keys, codec);
    return this;
  }

  /**
   * Sets who hears how far the run is.
   *
   * @param name the task's name, such as {@code truthfulqa}
   * @param listener told at most four times a second and at the end
   */
  @CanIgnoreReturnValue
  public Calls<I, O> progress(String name, ProgressListener listener) {
    this.task = Objects.requireNonNull(name, "name");
    this.progress = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /** Sets what stops the run; interrupting its thread does so too. */
  @CanIgnoreReturnValue
  public Calls<I, O> cancellation(CancellationToken token) {
    this.cancellation = Objects.requireNonNull(token, "cancellation");
    return this;
  }

  /** Sets the clock by which the run waits. */
  @CanIgnoreReturnValue
  public Calls<I, O> clock(CallClock value) {
    this.clock = Objects.requireNonNull(value, "clock");
    return this;
  }

  /**
   * Calls the function on every input and returns all results, in the order of inputs.
   *
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted; answers that came
   *     are in the journal
   * @throws org.alignment4j.api.AlignmentException if the journal cannot be written or read
   */
  public CallReport<O> run(List<? extends I> inputs) {
    List<CallResult<O>> results = new ArrayList<>(inputs.size());
    CallReport<O> report =
        new CallRun<>(this, inputs.iterator(), OptionalLong.of(inputs.size()), results::add, true)
            .run();
    return report.withResults(results);
  }

  /**
   * Calls the function on every input and hands over results one at a time, in the order the
   * options say; neither inputs nor results stay in memory.
   *
   * @param inputs what to call it on; finite
   * @param total how many there are, for progress and failure fractions; empty when unknown
   * @param sink receives one result per input; what it throws ends the run
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted; answers that came
   *     are in the journal
   * @throws org.alignment4j.api.AlignmentException if the journal cannot be written or read
   */
  public CallReport<O> run(
      Iterator<? extends I> inputs, OptionalLong total, Consumer<? super CallResult<O>> sink) {
    boolean inOrder = options.order() == ResultOrder.OF_INPUTS;
    return new CallRun<>(this, inputs, total, sink, inOrder).run();
  }
}
