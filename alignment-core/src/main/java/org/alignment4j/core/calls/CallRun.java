package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link Calls}: a loop on one thread that starts attempts and takes in how they end.
 */
final class CallRun<I, O> {
  /** How often the cancellation token is looked at while nothing happens. */
  private static final long POLL_NANOS = 100_000_000;

  private static final int WINDOW_FACTOR = 4;

  private final Calls<I, O> calls;
  private final CallOptions options;
  private final CallClock clock;
  private final UsageLedger ledger;
  private final OptionalLong total;
  private final long began;
  private final Delivery<O> delivery;
  private final Intake<I, O> intake;
  private final Flights<I, O> flights;
  private final Retries<I> retries;
  private final Spending<O> spending;
  private final Ending ending;
  private final ProgressMeter meter;

  /** An input that is to be called next but for which the budget had no room. */
  private @Nullable Item<I> held;

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
    this.total = total;
    this.began = clock.nanoTime();
    this.delivery = new Delivery<>(sink, inOrder);
    long window = (long) WINDOW_FACTOR * options.concurrency().max();
    this.intake = new Intake<>(inputs, calls.memory, delivery, window);
    this.flights =
        new Flights<>(calls.call, calls.memory, options.concurrency(), options.timeout(), clock);
    this.retries = new Retries<>(options.retry(), options.seed(), began);
    this.spending = new Spending<>(options.budget(), ledger, calls.role, calls.usage, began);
    this.ending = new Ending(Nanos.of(options.grace()));
    this.meter = new ProgressMeter(calls.task, calls.progress, total, began);
  }

  CallReport<O> run() {
    try {
      loop();
      if (ending.cancelled()) {
        throw cancelled();
      }
      finishUnstarted();
      tellProgress(true);
      return report();
    } finally {
      for (int left = flights.abandon(); left > 0; left--) {
        spending.attemptFailed();
      }
      if (ending.interrupted()) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void loop() {
    while (true) {
      lookForReasonsToStop();
      start();
      boolean nothingToStart =
          ending.decided() || (held == null && retries.isEmpty() && !intake.hasNext());
      if (nothingToStart && flights.isEmpty()) {
        return;
      }
      if (clock.nanoTime() >= ending.giveUpAt()) {
        return;
      }
      await();
      flights.expire().forEach(this::failed);
      tellProgress(false);
    }
  }

  private void lookForReasonsToStop() {
    if (Thread.interrupted()) {
      ending.interrupt(clock.nanoTime());
    }
    if (calls.cancellation.isCancelled()) {
      ending.cancel(clock.nanoTime());
    }
    if (!ending.decided()) {
      spending.exhausted(clock.nanoTime()).ifPresent(ending::budgetUsedUp);
    }
  }

  private void start() {
    while (!ending.decided() && flights.haveRoom() && !retries.paused(clock.nanoTime())) {
      Item<I> item = held == null ? retries.takeDue(clock.nanoTime()) : held;
      held = null;
      if (item == null) {
        if (!intake.mayStart()) {
          return;
        }
        item = intake.next();
        tellProgress(false);
        lookForReasonsToStop();
      }
      if (item != null && !launch(item)) {
        held = item;
        return;
      }
    }
  }

  /** Starts an attempt; returns false, and starts none, when the run ends or the budget is full. */
  private boolean launch(Item<I> item) {
    if (ending.decided()) {
      return false;
    }
    Optional<String> usedUp = spending.reserve(clock.nanoTime());
    if (usedUp.isEmpty()) {
      flights.launch(item);
      return true;
    }
    if (flights.isEmpty()) {
      // The rest is under way in other runs. To wait for them could be to wait for oneself: a call
      // of another run may be the one that drives this run.
      ending.budgetUsedUp(usedUp.get());
    }
    return false;
  }

  private void await() {
    try {
      Landing<I, O> landing = flights.await(wakeAt());
      while (landing != null) {
        take(landing);
        landing = flights.poll();
      }
    } catch (InterruptedException e) {
      ending.interrupt(clock.nanoTime());
    }
  }

  private long wakeAt() {
    long now = clock.nanoTime();
    long wake = Math.min(now + POLL_NANOS, Math.min(ending.giveUpAt(), flights.firstDeadline()));
    if (!ending.decided() && flights.haveRoom()) {
      // Only what lies ahead: what is due and still waits does so for a landing.
      long next = retries.nextStart(now);
      if (next > now) {
        wake = Math.min(wake, next);
      }
    }
    return wake;
  }

  private void take(Landing<I, O> landing) {
    if (landing.fatal()) {
      O paid = landing.answer();
      if (flights.end(landing) && paid != null) {
        spending.answered(paid, landing.flight().item.attempts);
      }
      throw (AlignmentException) landing.error();
    }
    boolean expected = flights.end(landing);
    Item<I> item = landing.flight().item;
    O answer = landing.answer();
    if (!expected) {
      if (answer != null) {
        spending.answeredLate(answer);
      }
      return;
    }
    if (answer != null && landing.error() == null) {
      spending.answered(answer, item.attempts);
      retries.answered();
      finish(item, new CallResult.Succeeded<>(item.index, answer, item.attempts));
    } else {
      failed(landing);
    }
  }

  private void failed(Landing<I, O> landing) {
    Item<I> item = landing.flight().item;
    Throwable error = Objects.requireNonNull(landing.error(), "error");
    O unkept = landing.answer();
    if (unkept == null) {
      spending.attemptFailed();
    } else {
      spending.answered(unkept, item.attempts);
    }
    if (!(error instanceof Exception exception)) {
      throw (Error) error;
    }
    if (Failures.isCancellation(error)) {
      ending.cancel(clock.nanoTime());
    } else if (error instanceof BudgetExceededException budget) {
      ending.budgetUsedUp(budget.resource());
      finish(item, new CallResult.Missing<>(item.index, ending.reason()));
    } else if (!retries.accept(item, error, clock.nanoTime())) {
      finish(item, new CallResult.Failed<>(item.index, exception, item.attempts));
    }
  }

  private void finish(Item<I> item, CallResult<O> result) {
    intake.settle(item, result);
    long failed = intake.failedRequests();
    long finished = intake.finishedRequests();
    if (result instanceof CallResult.Failed<O>
        && !ending.decided()
        && options.failures().ends(failed, finished, intake.requests(total))) {
      ending.tooManyFailures(failed, finished);
    }
  }

  /** Inputs that the end of the run left: known answers are still handed over. */
  private void finishUnstarted() {
    if (held != null) {
      leave(held);
      held = null;
    }
    retries.clear().forEach(this::leave);
    while (intake.hasNext()) {
      calls.cancellation.throwIfCancelled(calls.task);
      Item<I> item = intake.next();
      if (item != null) {
        leave(item);
      }
    }
  }

  private void leave(Item<I> item) {
    finish(item, new CallResult.Missing<>(item.index, ending.reason()));
  }

  private CancelledException cancelled() {
    return new CancelledException(
        calls.task
            + " was "
            + ending.manner()
            + " after "
            + delivery.finished()
            + " of "
            + (total.isPresent() ? total.getAsLong() : "an unknown number of")
            + " calls; "
            + (calls.memory == null
                ? "without a journal they have to be made again"
                : "run again to go on from the journal"));
  }

  private CallReport<O> report() {
    return new CallReport<>(
        List.of(),
        delivery.succeeded(),
        delivery.known(),
        delivery.failed(),
        delivery.missing(),
        ending.incompleteness(delivery.missing()),
        flights.attempts(),
        flights.peak(),
        Duration.ofNanos(clock.nanoTime() - began),
        ledger.byRole(),
        ledger.spent());
  }

  private void tellProgress(boolean last) {
    meter.update(clock.nanoTime(), delivery.finished(), delivery.failed(), flights.size(), last);
  }
}
