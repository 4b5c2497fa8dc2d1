package org.alignment4j.core.calls;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Time as a run sees it: it reads it and waits in it, so a test can let it pass at once. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface CallClock {

  /** Returns the present time in nanoseconds from an arbitrary origin; never goes back. */
  long nanoTime();

  /**
   * Waits for an event.
   *
   * @param events where events arrive
   * @param until when to give up, as {@link #nanoTime} counts; may have passed
   * @param <E> the events
   * @return the next event, or null when the time came first
   * @throws InterruptedException if the thread is interrupted
   */
  <E> @Nullable E await(BlockingQueue<E> events, long until) throws InterruptedException;

  /** Returns the clock of this machine. */
  static CallClock system() {
    return new CallClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public <E> @Nullable E await(BlockingQueue<E> events, long until)
          throws InterruptedException {
        return events.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    };
  }
}
