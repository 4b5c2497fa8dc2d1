package org.alignment4j.core.calls;

import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * How many failed calls end a run. Inputs with equal keys, which are called once, count once; so do
 * all attempts at an input.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface FailurePolicy {

  /**
   * Returns whether so many failures end the run.
   *
   * @param failed calls that failed for good
   * @param finished calls that were answered or failed for good, and answers that were known
   * @param total how many there are; empty when unknown. Inputs not read yet count as calls of
   *     their own
   */
  boolean ends(long failed, long finished, OptionalLong total);

  /** Returns a policy under which no failure ends the run. */
  static FailurePolicy never() {
    return new Never();
  }

  /** Returns a policy under which the first failure ends the run. */
  static FailurePolicy first() {
    return new Count(1);
  }

  /**
   * Returns a policy under which the run ends when more than a fraction of all calls failed.
   *
   * @throws IllegalArgumentException if the fraction is outside [0, 1)
   */
  static FailurePolicy fraction(double fraction) {
    return new Fraction(fraction);
  }

  /**
   * Returns a policy under which the run ends at the given number of failures.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  static FailurePolicy count(long failures) {
    return new Count(failures);
  }

  /**
   * Returns a policy under which the run ends when the given number of calls failed and not one was
   * answered: a wrong key, a model that is not there.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  static FailurePolicy withoutSuccess(long failures) {
    return new WithoutSuccess(failures);
  }

  /** No failure ends the run. */
  record Never() implements FailurePolicy {
    @Override
    public boolean ends(long failed, long finished, OptionalLong total) {
      return false;
    }
  }

  /**
   * A number of failures ends the run.
   *
   * @param failures how many
   */
  record Count(long failures) implements FailurePolicy {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Count {
      if (failures < 1) {
        throw new IllegalArgumentException("failures must be at least 1 but was " + failures);
      }
    }

    @Override
    public boolean ends(long failed, long finished, OptionalLong total) {
      return failed >= failures;
    }
  }

  /**
   * A number of failures without a single answer ends the run.
   *
   * @param failures how many
   */
  record WithoutSuccess(long failures) implements FailurePolicy {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public WithoutSuccess {
      if (failures < 1) {
        throw new IllegalArgumentException("failures must be at least 1 but was " + failures);
      }
    }

    @Override
    public boolean ends(long failed, long finished, OptionalLong total) {
      return failed >= failures && failed == finished;
    }
  }

  /**
   * More failures than a fraction of all calls end the run. While the number of calls is unknown,
   * the fraction is of those finished, and counts from the hundredth on.
   *
   * @param fraction of all calls, in [0, 1)
   */
  record Fraction(double fraction) implements FailurePolicy {
    private static final long ENOUGH = 100;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is outside its range
     */
    public Fraction {
      if (!(fraction >= 0 && fraction < 1)) {
        throw new IllegalArgumentException("fraction must be in [0, 1) but was " + fraction);
      }
    }

    @Override
    public boolean ends(long failed, long finished, OptionalLong total) {
      if (total.isEmpty() && finished < ENOUGH) {
        return false;
      }
      return failed > fraction * total.orElse(finished);
    }
  }
}
