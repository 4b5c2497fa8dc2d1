package org.alignment4j.core.statistics;

import org.apiguardian.api.API;

/**
 * What rating points mean: a lead of {@code points} makes the odds of winning {@code base : 1}.
 *
 * @param points such as 400
 * @param base such as 10
 * @param initial rating of an unknown player (Elo) or of the average player (Bradley-Terry)
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record RatingScale(double points, double base, double initial) {

  /** As in chess and in most model rankings: 400 points are odds of 10 : 1, around 1000. */
  public static final RatingScale STANDARD = new RatingScale(400, 10, 1000);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if points are not positive, the base is not above 1, or a
   *     value is not finite
   */
  public RatingScale {
    if (!(points > 0 && points < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "points must be a finite number above 0 but was " + points);
    }
    if (!(base > 1 && base < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("base must be a finite number above 1 but was " + base);
    }
    if (!Double.isFinite(initial)) {
      throw new IllegalArgumentException("initial must be a finite number but was " + initial);
    }
  }

  /**
   * Returns the expected share of wins of a player against another, {@code 1 / (1 +
   * base^((other−rating)/points))}; ties count as half a win.
   *
   * @param rating of the player
   * @param other rating of the opponent
   */
  public double winProbability(double rating, double other) {
    return 1 / (1 + Math.pow(base, (other - rating) / points));
  }

  /** A strength in natural units, where the odds are {@code e^(difference)}, as a rating. */
  double rating(double strength) {
    return initial + points / Math.log(base) * strength;
  }
}
