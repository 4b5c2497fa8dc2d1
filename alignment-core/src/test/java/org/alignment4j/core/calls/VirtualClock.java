package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Time that passes only when somebody waits for it, with things that happen at given times. */
final class VirtualClock implements CallClock {
  private record Happening(long at, long number, Runnable action) {}

  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::at).thenComparingLong(Happening::number));
  private long now = 1_000_000_007L;
  private long number;

  void after(Duration delay, Runnable action) {
    agenda.add(new Happening(now + delay.toNanos(), number++, action));
  }

  @Override
  public long nanoTime() {
    return now;
  }

  double seconds() {
    return (now - 1_000_000_007L) / 1e9;
  }

  @Override
  public <E> @Nullable E await(BlockingQueue<E> events, long until) throws InterruptedException {
    while (events.isEmpty()) {
      Happening next = agenda.peek();
      if (next == null || next.at() > until) {
        now = Math.max(now, until);
        return null;
      }
      agenda.remove();
      now = Math.max(now, next.at());
      next.action().run();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return events.poll();
  }
}
