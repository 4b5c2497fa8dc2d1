package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.provenance.ContentHash;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link Calls}: a loop on one thread that starts attempts and takes in how they end.
 * Only the queue of landings is shared with other threads.
 */
final class CallRun<I, O> {
  /** How often the cancellation token is looked at while nothing happens. */
  private static final long POLL_NANOS = 100_000_000;

  /** Failures in a row from which on new calls wait too: the endpoint is down, not one call. */
  private static final int OUTAGE = 3;

  private static final int WINDOW_FACTOR = 4;
  private static final String CANCELLED = "cancelled";
  private static final String BUDGET = "budget: ";

  private final Calls<I, O> calls;
  private final CallOptions options;
  private final CallClock clock;
  private final UsageLedger ledger;
  private final @Nullable CallMemory<I, O> memory;
  private final Iterator<? extends I> inputs;
  private final OptionalLong total;
  private final Delivery<O> delivery;
  private final AdaptiveLimit limit;
  private final BlockingQueue<Landing<I, O>> landings = new LinkedBlockingQueue<>();
  private final Map<Long, Flight<I>> flying = new LinkedHashMap<>();
  private final PriorityQueue<Item<I>> retries =
      new PriorityQueue<>(
          Comparator.comparingLong((Item<I> item) -> item.due)
              .thenComparingLong(item -> item.index));
  private final Map<ContentHash, Item<I>> open = new HashMap<>();
  private final long began;
  private final ProgressMeter meter;

  private long nextIndex;
  private long attempts;
  private long failedAttempts;
  private int peak;
  private long pausedUntil;
  private int failuresInARow;
  private String stop = "";
  private boolean interrupted;
  private long giveUpAt = Long.MAX_VALUE;

  CallRun(
      Calls<I, O> calls,
      Iterator<? extends I> inputs,
      OptionalLong total,
      Consumer<? super CallResult<O>> sink,
      boolean inOrder) {
    this.calls = calls;
    this.options = calls.options;
    this.clock = calls.clock;
    this.ledger = calls.ledger == null ? new UsageLedger() : calls.ledger;
    this.memory = calls.memory;
    this.inputs = inputs;
    this.total = total;
    this.delivery = new Delivery<>(sink, inOrder);
    this.limit = new AdaptiveLimit(options.concurrency());
    this.began = clock.nanoTime();
    this.pausedUntil = began;
    this.meter = new ProgressMeter(calls.task, calls.progress, total, began);
  }

  CallReport<O> run() {
    try {
      loop();
      if (stop.equals(CANCELLED)) {
        throw new CancelledException(
            calls.task
                + " was "
                + (interrupted ? "interrupted" : CANCELLED)
                + " after "
                + delivery.finished()
                + " of "
                + (total.isPresent() ? total.getAsLong() : "an unknown number of")
                + " calls; "
                + (memory == null
                    ? "without a journal they have to be made again"
                    : "run again to go on from the journal"));
      }
      finishUnstarted();
      if (stop.startsWith(BUDGET) && delivery.missing() == 0) {
        // The last answer used up the budget: nothing was left undone.
        stop = "";
      }
      report(true);
      return new CallReport<>(
          List.of(),
          delivery.succeeded(),
          delivery.known(),
          delivery.failed(),
          delivery.missing(),
          stop,
          attempts,
          peak,
          Duration.ofNanos(clock.nanoTime() - began),
          ledger.byRole(),
          ledger.spent());
    } finally {
      flying.values().forEach(Flight::abandon);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void loop() {
    while (true) {
      lookForReasonsToStop();
      if (stop.isEmpty()) {
        start();
      }
      boolean nothingToStart = !stop.isEmpty() || (retries.isEmpty() && !inputs.hasNext());
      if (flying.isEmpty() && nothingToStart && landings.isEmpty()) {
        return;
      }
      if (clock.nanoTime() >= giveUpAt) {
        return;
      }
      await();
      expire();
      report(false);
    }
  }

  private void lookForReasonsToStop() {
    if (Thread.interrupted()) {
      interrupt();
    }
    if (calls.cancellation.isCancelled()) {
      cancel();
    }
    if (stop.isEmpty()) {
      exhausted().ifPresent(limitName -> stop = BUDGET + limitName);
    }
  }

  private void interrupt() {
    if (interrupted) {
      // Asked twice: do not wait any longer.
      giveUpAt = clock.nanoTime();
    }
    interrupted = true;
    cancel();
  }

  private void cancel() {
    if (!stop.equals(CANCELLED)) {
      stop = CANCELLED;
      giveUpAt = Math.min(giveUpAt, clock.nanoTime() + options.grace().toNanos());
    }
  }

  private Optional<String> exhausted() {
    return options
        .budget()
        .exhausted(used(0), ledger.spent(), Duration.ofNanos(clock.nanoTime() - began));
  }

  /** Usage as the budget sees it: every attempt made is a call, and so is each under way. */
  private Usage used(long underWay) {
    Usage counted = ledger.total();
    return counted.plus(new Usage(failedAttempts + underWay, 0, 0, 0, 0, 0, Duration.ZERO));
  }

  private boolean callsLeft() {
    Budget budget = options.budget();
    return budget.calls().isEmpty() || used(flying.size()).calls() < budget.calls().getAsLong();
  }

  private void start() {
    long window = (long) WINDOW_FACTOR * options.concurrency().max();
    while (stop.isEmpty() && flying.size() < limit.current()) {
      if (clock.nanoTime() < pausedUntil || !callsLeft()) {
        return;
      }
      Item<I> retry = retries.peek();
      if (retry != null && retry.due <= clock.nanoTime()) {
        launch(retries.remove());
      } else if (inputs.hasNext() && delivery.mayStart(nextIndex, window)) {
        Item<I> item = nextNewItem();
        if (item != null) {
          launch(item);
        }
        report(false);
        lookForReasonsToStop();
      } else {
        return;
      }
    }
  }

  /** The next input when it needs a call; null when its answer is known or on its way. */
  private @Nullable Item<I> nextNewItem() {
    I input = inputs.next();
    long index = nextIndex++;
    if (memory == null) {
      return new Item<>(index, input, null);
    }
    ContentHash key = memory.key(input);
    Item<I> twin = open.get(key);
    if (twin != null) {
      twin.twins.add(index);
      return null;
    }
    Optional<O> known = memory.get(key);
    if (known.isPresent()) {
      delivery.accept(new CallResult.Succeeded<>(index, known.get(), 0));
      return null;
    }
    Item<I> item = new Item<>(index, input, key);
    open.put(key, item);
    return item;
  }

  private void launch(Item<I> item) {
    item.attempts++;
    long deadline =
        options.timeout().map(t -> clock.nanoTime() + t.toNanos()).orElse(Long.MAX_VALUE);
    Flight<I> flight = new Flight<>(item, attempts++, deadline);
    flying.put(flight.number, flight);
    peak = Math.max(peak, flying.size());
    Attempt attempt = new Attempt(item.index, item.attempts, flight::abandoned);
    try {
      CompletableFuture<O> answer = calls.call.start(item.input, attempt).toCompletableFuture();
      flight.future(answer);
      // The journal is written by the thread that brings the answer: writes then share the disk.
      answer.whenComplete((value, error) -> landings.add(land(flight, value, error)));
    } catch (RuntimeException e) {
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
        return new Landing<>(flight, null, e, true);
      } catch (RuntimeException e) {
        return new Landing<>(flight, null, e, false);
      }
    }
    return new Landing<>(flight, value, null, false);
  }

  private void await() {
    try {
      Landing<I, O> landing = clock.await(landings, wakeAt());
      while (landing != null) {
        take(landing);
        landing = landings.poll();
      }
    } catch (InterruptedException e) {
      interrupt();
    }
  }

  private long wakeAt() {
    long now = clock.nanoTime();
    long wake = Math.min(now + POLL_NANOS, giveUpAt);
    for (Flight<I> flight : flying.values()) {
      wake = Math.min(wake, flight.deadline);
    }
    if (stop.isEmpty() && flying.size() < limit.current()) {
      // Only what lies ahead: what is due and still waits does so for a landing.
      Item<I> retry = retries.peek();
      long next = pausedUntil > now || retry == null ? pausedUntil : retry.due;
      if (next > now) {
        wake = Math.min(wake, next);
      }
    }
    return wake;
  }

  private void take(Landing<I, O> landing) {
    Flight<I> flight = landing.flight();
    boolean full = flying.size() >= limit.current();
    if (landing.fatal()) {
      throw (AlignmentException) landing.error();
    }
    if (flying.remove(flight.number) == null) {
      // Given up before: the answer comes too late, but it was paid for.
      if (landing.answer() != null) {
        ledger.add(calls.role, usage(flight.item, landing.answer()));
      }
      return;
    }
    if (landing.answer() != null) {
      failuresInARow = 0;
      limit.succeeded(full);
      ledger.add(calls.role, usage(flight.item, landing.answer()));
      finish(
          flight.item,
          new CallResult.Succeeded<>(flight.item.index, landing.answer(), flight.item.attempts));
    } else if (landing.error() != null) {
      failed(flight, landing.error());
    }
  }

  private Usage usage(Item<I> item, O answer) {
    return calls
        .usage
        .apply(answer)
        .plus(new Usage(0, 0, 0, 0, 0, item.attempts - 1, Duration.ZERO));
  }

  private void failed(Flight<I> flight, Throwable error) {
    Item<I> item = flight.item;
    failedAttempts++;
    if (!(error instanceof Exception exception)) {
      throw (Error) error;
    }
    if (Failures.isCancellation(error)) {
      cancel();
      return;
    }
    if (error instanceof BudgetExceededException budget) {
      stop = stop.isEmpty() ? BUDGET + budget.resource() : stop;
      finish(item, new CallResult.Missing<>(item.index, stop));
      return;
    }
    boolean throttled = Failures.isThrottling(error);
    boolean passing = Failures.isPassing(error);
    if (throttled) {
      limit.throttled(flight.number, attempts);
    }
    failuresInARow = passing && !throttled ? failuresInARow + 1 : 0;
    Optional<Duration> asked = Failures.retryAfter(error);
    boolean tooLong =
        asked.isPresent() && asked.get().compareTo(options.retry().maxRetryAfter()) > 0;
    if (!passing || tooLong || item.attempts >= options.retry().maxAttempts()) {
      finish(item, new CallResult.Failed<>(item.index, exception, item.attempts));
      return;
    }
    long now = clock.nanoTime();
    item.due =
        now + options.retry().delay(options.seed(), item.index, item.attempts, asked).toNanos();
    retries.add(item);
    asked.ifPresent(wait -> pausedUntil = Math.max(pausedUntil, now + wait.toNanos()));
    if (failuresInARow >= OUTAGE) {
      pausedUntil = Math.max(pausedUntil, item.due);
    }
  }

  /** Gives up attempts that take too long. */
  private void expire() {
    long now = clock.nanoTime();
    for (Flight<I> flight : List.copyOf(flying.values())) {
      if (flight.deadline <= now) {
        flying.remove(flight.number);
        flight.abandon();
        failed(
            flight,
            new TimeoutException(
                "a call must be answered within "
                    + options.timeout().orElseThrow()
                    + " but was not; raise the time-out or lower the concurrency"));
      }
    }
  }

  private void finish(Item<I> item, CallResult<O> result) {
    if (item.key != null) {
      open.remove(item.key);
    }
    delivery.accept(result);
    for (long twin : item.twins) {
      delivery.accept(forTwin(twin, result));
    }
    if (result instanceof CallResult.Failed<O>
        && stop.isEmpty()
        && options.failures().ends(delivery.failed(), delivery.finished(), total)) {
      stop = "failures: " + delivery.failed() + " of " + delivery.finished();
    }
  }

  private static <O> CallResult<O> forTwin(long index, CallResult<O> result) {
    if (result instanceof CallResult.Succeeded<O> success) {
      return new CallResult.Succeeded<>(index, success.value(), 0);
    }
    if (result instanceof CallResult.Failed<O> failure) {
      return new CallResult.Failed<>(index, failure.error(), failure.attempts());
    }
    return new CallResult.Missing<>(index, ((CallResult.Missing<O>) result).reason());
  }

  /** Inputs that the end of the run left: known answers are still handed over. */
  private void finishUnstarted() {
    for (Item<I> item : List.copyOf(retries)) {
      finish(item, new CallResult.Missing<>(item.index, stop));
    }
    retries.clear();
    while (inputs.hasNext()) {
      calls.cancellation.throwIfCancelled(calls.task);
      Item<I> item = nextNewItem();
      if (item != null) {
        finish(item, new CallResult.Missing<>(item.index, stop));
      }
    }
  }

  private void report(boolean last) {
    meter.update(clock.nanoTime(), delivery.finished(), delivery.failed(), flying.size(), last);
  }
}
