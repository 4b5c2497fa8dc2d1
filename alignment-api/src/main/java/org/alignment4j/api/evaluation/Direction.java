package org.alignment4j.api.evaluation;

import org.apiguardian.api.API;

/** Which way of a metric is better, if any is. */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface Direction {

  /** Higher is better. */
  Direction HIGHER = new Higher();

  /** Lower is better. */
  Direction LOWER = new Lower();

  /**
   * No value is better than another: what is told so that others can be read, such as the length of
   * answers.
   */
  Direction NEUTRAL = new Neutral();

  /**
   * Returns a direction whose best value lies in between, such as 50 for a stereotype score.
   *
   * @param value the best value
   * @return the direction
   * @throws IllegalArgumentException when the value is not finite
   */
  static Direction ideal(double value) {
    return new Ideal(value);
  }

  /**
   * Returns how far a value is from the best one, for ordering: smaller is better. Only differences
   * between values of one metric have a meaning.
   *
   * @param value a metric's value
   * @return the value's badness
   */
  double badness(double value);

  /**
   * Returns whether one value is better than another.
   *
   * @param value a metric's value
   * @param other another value of the same metric
   * @return true when strictly better
   */
  default boolean better(double value, double other) {
    return badness(value) < badness(other);
  }

  /** Higher is better. */
  record Higher() implements Direction {
    @Override
    public double badness(double value) {
      return -value;
    }
  }

  /** Lower is better. */
  record Lower() implements Direction {
    @Override
    public double badness(double value) {
      return value;
    }
  }

  /** No value is better. */
  record Neutral() implements Direction {
    @Override
    public double badness(double value) {
      return 0;
    }
  }

  /**
   * Nearer to one value is better.
   *
   * @param value the best value
   */
  record Ideal(double value) implements Direction {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when the value is not finite
     */
    public Ideal {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("ideal value must be finite but was " + value);
      }
    }

    @Override
    public double badness(double other) {
      return Math.abs(other - value);
    }
  }
}
