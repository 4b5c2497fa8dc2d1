package org.alignment4j.api.oversight;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What work may cost. When a limit is reached, nothing new is started, what is in flight is
 * finished, and the result is marked incomplete.
 *
 * @param calls most calls of models; empty for no limit
 * @param tokens most tokens, as {@link Usage#totalTokens()} counts them; empty for no limit
 * @param money most money, in the currency of the user's price table; empty for no limit
 * @param time longest wall time; empty for no limit
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Budget(
    OptionalLong calls, OptionalLong tokens, OptionalDouble money, Optional<Duration> time) {

  /** No limit. */
  public static final Budget UNLIMITED =
      new Budget(
          OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.empty(), Optional.empty());

  /**
   * Checks the limits. Zero is allowed: it stops before the first call.
   *
   * @throws IllegalArgumentException when a limit is negative or not finite
   */
  public Budget {
    requireNotNegative("calls", calls.orElse(0));
    requireNotNegative("tokens", tokens.orElse(0));
    if (!(money.orElse(0) >= 0) || Double.isInfinite(money.orElse(0))) {
      throw new IllegalArgumentException(
          "money must be finite and not negative but was " + money.getAsDouble());
    }
    if (time.orElse(Duration.ZERO).isNegative()) {
      throw new IllegalArgumentException("time must not be negative but was " + time.get());
    }
  }

  private static void requireNotNegative(String name, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + limit);
    }
  }

  /**
   * Returns this budget with a limit on calls.
   *
   * @param limit most calls of models
   * @return the budget
   * @throws IllegalArgumentException when the limit is negative
   */
  public Budget withCalls(long limit) {
    return new Budget(OptionalLong.of(limit), tokens, money, time);
  }

  /**
   * Returns this budget with a limit on tokens.
   *
   * @param limit most tokens
   * @return the budget
   * @throws IllegalArgumentException when the limit is negative
   */
  public Budget withTokens(long limit) {
    return new Budget(calls, OptionalLong.of(limit), money, time);
  }

  /**
   * Returns this budget with a limit on money.
   *
   * @param limit most money, in the currency of the user's price table
   * @return the budget
   * @throws IllegalArgumentException when the limit is negative or not finite
   */
  public Budget withMoney(double limit) {
    return new Budget(calls, tokens, OptionalDouble.of(limit), time);
  }

  /**
   * Returns this budget with a limit on wall time.
   *
   * @param limit longest wall time
   * @return the budget
   * @throws IllegalArgumentException when the limit is negative
   */
  public Budget withTime(Duration limit) {
    return new Budget(calls, tokens, money, Optional.of(limit));
  }

  /**
   * Returns which limit leaves no room for another call.
   *
   * @param used calls and tokens so far
   * @param spent money so far
   * @param elapsed wall time so far
   * @return {@code calls}, {@code tokens}, {@code money} or {@code time}; empty when there is room
   */
  public Optional<String> exhausted(Usage used, double spent, Duration elapsed) {
    if (calls.isPresent() && used.calls() >= calls.getAsLong()) {
      return Optional.of("calls");
    }
    if (tokens.isPresent() && used.totalTokens() >= tokens.getAsLong()) {
      return Optional.of("tokens");
    }
    if (money.isPresent() && spent >= money.getAsDouble()) {
      return Optional.of("money");
    }
    if (time.isPresent() && elapsed.compareTo(time.get()) >= 0) {
      return Optional.of("time");
    }
    return Optional.empty();
  }
}
