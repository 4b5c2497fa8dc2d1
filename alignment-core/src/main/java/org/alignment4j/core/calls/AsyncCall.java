package org.alignment4j.core.calls;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * A call that returns at once and is answered later, such as one of an asynchronous HTTP client.
 * Safe for concurrent calls.
 *
 * @param <I> the inputs
 * @param <O> the answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface AsyncCall<I, O> {

  /**
   * Starts a call.
   *
   * @return the answer to come; when the run gives it up, {@code
   *     toCompletableFuture().cancel(true)} is called on it
   */
  CompletionStage<O> start(I input, Attempt attempt);

  /**
   * Returns a call that runs a function on an executor; giving it up interrupts its thread.
   *
   * @param executor gives the threads: at least as many as calls are to run at once, since a call
   *     counts as running from when the executor takes it
   * @param function what to run
   * @param <I> the inputs
   * @param <O> the answers
   */
  static <I, O> AsyncCall<I, O> on(Executor executor, CallFunction<I, O> function) {
    return (input, attempt) -> {
      InterruptibleCall<O> answer = new InterruptibleCall<>(() -> function.call(input, attempt));
      executor.execute(answer.task());
      return answer;
    };
  }
}
