package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.provenance.ContentHash;
import org.jspecify.annotations.Nullable;

/**
 * The attempts under way, no more than the adaptive limit allows: starts them, brings in how they
 * end, and gives up those that take too long. Used by the run's own thread; only the queue of
 * landings is shared with others.
 */
final class Flights<I, O> {
  private final AsyncCall<I, O> call;
  private final @Nullable CallMemory<I, O> memory;
  private final Optional<Duration> timeout;
  private final CallClock clock;
  private final AdaptiveLimit limit;
  private final BlockingQueue<Landing<I, O>> landings = new LinkedBlockingQueue<>();
  private final Map<Long, Flight<I>> flying = new LinkedHashMap<>();
  private long attempts;
  private int peak;

  Flights(
      AsyncCall<I, O> call,
      @Nullable CallMemory<I, O> memory,
      ConcurrencyLimits concurrency,
      Optional<Duration> timeout,
      CallClock clock) {
    this.call = call;
    this.memory = memory;
    this.timeout = timeout;
    this.clock = clock;
    this.limit = new AdaptiveLimit(concurrency);
  }

  /** How many attempts are under way. */
  int size() {
    return flying.size();
  }

  /** Whether nothing is under way and nothing that has ended is left to be taken in. */
  boolean isEmpty() {
    return flying.isEmpty() && landings.isEmpty();
  }

  /** Whether another attempt may start. */
  boolean haveRoom() {
    return flying.size() < limit.current();
  }

  /** Attempts started so far. */
  long attempts() {
    return attempts;
  }

  /** Most attempts under way at once so far. */
  int peak() {
    return peak;
  }

  /** When the next attempt is to be given up; {@code Long.MAX_VALUE} for never. */
  long firstDeadline() {
    long first = Long.MAX_VALUE;
    for (Flight<I> flight : flying.values()) {
      first = Math.min(first, flight.deadline);
    }
    return first;
  }

  /** Starts the next attempt at an item. */
  void launch(Item<I> item) {
    item.attempts++;
    long deadline = timeout.map(t -> Nanos.after(clock.nanoTime(), t)).orElse(Long.MAX_VALUE);
    Flight<I> flight = new Flight<>(item, attempts++, deadline);
    flying.put(flight.number, flight);
    peak = Math.max(peak, flying.size());
    Attempt attempt = new Attempt(item.index, item.attempts, flight::abandoned);
    try {
      CompletableFuture<O> answer = call.start(item.input, attempt).toCompletableFuture();
      flight.future(answer);
      // The journal is written by the thread that brings the answer: writes then share the disk.
      answer.whenComplete((value, error) -> landings.add(land(flight, value, error)));
    } catch (RuntimeException | Error e) {
      landings.add(new Landing<>(flight, null, e, false));
    }
  }

  private Landing<I, O> land(Flight<I> flight, @Nullable O value, @Nullable Throwable error) {
    if (error != null) {
      return new Landing<>(flight, null, Failures.unwrap(error), false);
    }
    if (value == null) {
      return new Landing<>(
          flight, null, new NullPointerException("a call must not answer null"), false);
    }
    ContentHash key = flight.item.key;
    if (memory != null && key != null && !flight.abandoned()) {
      try {
        memory.put(key, value);
      } catch (AlignmentException e) {
        return new Landing<>(flight, value, e, true);
      } catch (RuntimeException | Error e) {
        // An error that stayed in the future would leave the run waiting for this landing.
        return new Landing<>(flight, value, e, false);
      }
    }
    return new Landing<>(flight, value, null, false);
  }

  /** Waits until an attempt ends, and returns how; null when the time came first. */
  @Nullable Landing<I, O> await(long until) throws InterruptedException {
    return clock.await(landings, until);
  }

  /** How another attempt has ended; null when there is none. */
  @Nullable Landing<I, O> poll() {
    return landings.poll();
  }

  /** Takes out an attempt that has ended; false when it had been given up before. */
  boolean end(Landing<I, O> landing) {
    boolean full = !haveRoom();
    if (flying.remove(landing.flight().number) == null) {
      return false;
    }
    if (landing.answer() != null) {
      limit.succeeded(full);
    } else if (landing.error() != null && Failures.isThrottling(landing.error())) {
      limit.throttled(landing.flight().number, attempts);
    }
    return true;
  }

  /** Gives up and takes out attempts that take too long; returns their failures. */
  List<Landing<I, O>> expire() {
    long now = clock.nanoTime();
    List<Landing<I, O>> expired = new ArrayList<>();
    for (Flight<I> flight : List.copyOf(flying.values())) {
      if (flight.deadline <= now) {
        flying.remove(flight.number);
        flight.abandon();
        TimeoutException error =
            new TimeoutException(
                "a call must be answered within "
                    + timeout.orElseThrow()
                    + " but was not; raise the time-out or lower the concurrency");
        expired.add(new Landing<>(flight, null, error, false));
      }
    }
    return expired;
  }

  /** Gives all up; returns how many. */
  int abandon() {
    int left = flying.size();
    flying.values().forEach(Flight::abandon);
    flying.clear();
    return left;
  }
}
