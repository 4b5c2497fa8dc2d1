package org.alignment4j.oversight.budget;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.calls.CallClock;
import org.apiguardian.api.API;

/**
 * The budget of one piece of work that has several steps: what they cost so far, and the context of
 * the next one, whose budget is what is left. Whoever asks more than one model, or one more than
 * once, has one, and tells what it spent also when the budget ends within. For one thread.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Allowance {
  private final String task;
  private final OversightContext context;
  private final LongSupplier nanos;
  private final long began;
  private Usage spent = Usage.NONE;
  private long steps;

  private Allowance(String task, OversightContext context, LongSupplier nanos) {
    this.task = Objects.requireNonNull(task, "task");
    this.context = Objects.requireNonNull(context, "context");
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    if (context.budget().money().isPresent()) {
      throw new IllegalArgumentException(
          "a budget of money needs prices, which a question's context has not; give it to the"
              + " recorded calls of the run");
    }
  }

  /**
   * Returns the allowance of work that begins now.
   *
   * @param task names the work in messages
   * @param context what the work was given
   * @throws IllegalArgumentException if the budget limits money, which only {@link
   *     org.alignment4j.oversight.call.RecordedCalls} can count
   */
  public static Allowance of(String task, OversightContext context) {
    return of(task, context, CallClock.system()::nanoTime);
  }

  /**
   * Returns the allowance of work that begins now by a clock.
   *
   * @param nanos a clock in nanoseconds
   * @throws IllegalArgumentException see {@link #of(String, OversightContext)}
   */
  public static Allowance of(String task, OversightContext context, LongSupplier nanos) {
    return new Allowance(task, context, nanos);
  }

  /**
   * Returns the context of the next step: the budget is what is left.
   *
   * @throws BudgetExceededException if nothing is left of a limit
   * @throws CancelledException if cancelled
   */
  public OversightContext next() {
    if (context.cancellation().isCancelled()) {
      throw new CancelledException("cancelled after " + steps + " steps of " + task);
    }
    Budget budget = context.budget();
    Duration elapsed = elapsed();
    Optional<String> limit = budget.exhausted(spent, 0, elapsed);
    if (limit.isPresent()) {
      throw new BudgetExceededException(
          limit.get(),
          "the budget of " + limit.get() + " was used up after " + steps + " steps of " + task);
    }
    return context.withBudget(
        new Budget(
            left(budget.calls(), spent.calls()),
            left(budget.tokens(), spent.totalTokens()),
            OptionalDouble.empty(),
            budget.time().map(limits -> limits.minus(elapsed))));
  }

  private static OptionalLong left(OptionalLong limit, long used) {
    return limit.isPresent() ? OptionalLong.of(limit.getAsLong() - used) : limit;
  }

  /** Returns how many of the calls that are wanted the budget has room for; may be none. */
  public int room(int wanted) {
    OptionalLong calls = context.budget().calls();
    return calls.isPresent()
        ? (int) Math.max(0, Math.min(wanted, calls.getAsLong() - spent.calls()))
        : wanted;
  }

  /** Counts what a step cost. */
  public void spend(Usage cost) {
    spent = spent.plus(cost);
    steps++;
  }

  /** What all steps cost so far. */
  public Usage spent() {
    return spent;
  }

  /** How many steps there were. */
  public long steps() {
    return steps;
  }

  /** How long the work has been going on. */
  public Duration elapsed() {
    return Duration.ofNanos(nanos.getAsLong() - began);
  }
}
