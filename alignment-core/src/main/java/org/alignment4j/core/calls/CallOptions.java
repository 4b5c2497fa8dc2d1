package org.alignment4j.core.calls;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.oversight.Budget;
import org.apiguardian.api.API;

/**
 * How a run goes about its calls.
 *
 * @param concurrency how many calls run at once
 * @param retry when a call is tried again
 * @param budget what the run may cost; with a shared ledger, what all its runs may cost together;
 *     time counts from the start of each run
 * @param failures how many failures end the run
 * @param order in which order results are handed over
 * @param timeout after how long an attempt is given up and counts as timed out; empty for never
 * @param grace how long a cancelled run waits for the calls under way; zero gives them up at once
 * @param seed where the random numbers of the backoff start
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CallOptions(
    ConcurrencyLimits concurrency,
    RetryPolicy retry,
    Budget budget,
    FailurePolicy failures,
    ResultOrder order,
    Optional<Duration> timeout,
    Duration grace,
    long seed) {

  /**
   * Adaptive concurrency and retries at their defaults, no budget, no failure ends the run, results
   * in the order of inputs, no time-out, ten seconds of grace, seed 0.
   */
  public static final CallOptions DEFAULT =
      new CallOptions(
          ConcurrencyLimits.DEFAULT,
          RetryPolicy.DEFAULT,
          Budget.UNLIMITED,
          FailurePolicy.never(),
          ResultOrder.OF_INPUTS,
          Optional.empty(),
          Duration.ofSeconds(10),
          0);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the time-out is not positive or the grace is negative
   */
  public CallOptions {
    Objects.requireNonNull(concurrency, "concurrency");
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(failures, "failures");
    Objects.requireNonNull(order, "order");
    timeout.ifPresent(
        limit -> {
          if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("timeout must be positive but was " + limit);
          }
        });
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative but was " + grace);
    }
  }

  /** Returns these options with another concurrency. */
  public CallOptions withConcurrency(ConcurrencyLimits limits) {
    return new CallOptions(limits, retry, budget, failures, order, timeout, grace, seed);
  }

  /** Returns these options with another retry policy. */
  public CallOptions withRetry(RetryPolicy policy) {
    return new CallOptions(concurrency, policy, budget, failures, order, timeout, grace, seed);
  }

  /** Returns these options with a budget. */
  public CallOptions withBudget(Budget limits) {
    return new CallOptions(concurrency, retry, limits, failures, order, timeout, grace, seed);
  }

  /** Returns these options with another failure policy. */
  public CallOptions withFailures(FailurePolicy policy) {
    return new CallOptions(concurrency, retry, budget, policy, order, timeout, grace, seed);
  }

  /** Returns these options with another order of results. */
  public CallOptions withOrder(ResultOrder other) {
    return new CallOptions(concurrency, retry, budget, failures, other, timeout, grace, seed);
  }

  /** Returns these options with a limit on the time of one attempt. */
  public CallOptions withTimeout(Duration limit) {
    return new CallOptions(
        concurrency, retry, budget, failures, order, Optional.of(limit), grace, seed);
  }

  /** Returns these options with another grace. */
  public CallOptions withGrace(Duration wait) {
    return new CallOptions(concurrency, retry, budget, failures, order, timeout, wait, seed);
  }

  /** Returns these options with another seed. */
  public CallOptions withSeed(long other) {
    return new CallOptions(concurrency, retry, budget, failures, order, timeout, grace, other);
  }
}
