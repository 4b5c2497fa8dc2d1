package org.alignment4j.core.calls;

import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * Which call this is. Random numbers of a call derive from the index and the number, never from the
 * order in which calls happen.
 *
 * @param index which input, from 0
 * @param number which attempt at it, from 1
 * @param cancellation asks the call to stop: the run has given this attempt up
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Attempt(long index, int number, CancellationToken cancellation) {
  /** Checks that nothing is missing. */
  public Attempt {
    Objects.requireNonNull(cancellation, "cancellation");
  }
}
