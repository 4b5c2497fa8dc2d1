package org.alignment4j.core.calls;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What became of one input.
 *
 * @param <O> the answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface CallResult<O> {

  /** Which input, from 0 in their order. */
  long index();

  /**
   * The call was answered.
   *
   * @param index which input
   * @param value the answer
   * @param attempts how many attempts this run made; 0 when the answer was known already
   * @param <O> the answers
   */
  record Succeeded<O>(long index, O value, int attempts) implements CallResult<O> {
    /** Checks that nothing is missing. */
    public Succeeded {
      Objects.requireNonNull(value, "value");
    }

    /** Whether the answer came from the journal or from another input with the same key. */
    public boolean known() {
      return attempts == 0;
    }
  }

  /**
   * The call failed for good: for a reason that does not pass, or at every attempt.
   *
   * @param index which input
   * @param error the last failure
   * @param attempts how many attempts were made
   * @param <O> the answers
   */
  record Failed<O>(long index, Exception error, int attempts) implements CallResult<O> {
    /** Checks that nothing is missing. */
    public Failed {
      Objects.requireNonNull(error, "error");
    }

    /** What happened, as kind and message. */
    public String description() {
      return error.getClass().getSimpleName() + ": " + error.getMessage();
    }
  }

  /**
   * The run ended before the input had an answer: it is missing, not wrong.
   *
   * @param index which input
   * @param reason why the run ended
   * @param <O> the answers
   */
  record Missing<O>(long index, String reason) implements CallResult<O> {
    /** Checks that nothing is missing. */
    public Missing {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
