package org.alignment4j.api;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apiguardian.api.API;

/** A {@link CancellationToken} that its owner triggers with {@link #cancel()}, once and for all. */
@API(status = API.Status.STABLE, since = "0.1")
public final class Cancellation implements CancellationToken {
  private final AtomicBoolean cancelled = new AtomicBoolean();

  /** Creates a token that has not been cancelled. */
  public Cancellation() {}

  /** Asks everything that holds this token to stop; calling it again changes nothing. */
  public void cancel() {
    cancelled.set(true);
  }

  @Override
  public boolean isCancelled() {
    return cancelled.get();
  }

  @Override
  public String toString() {
    return isCancelled() ? "cancelled" : "not cancelled";
  }
}
