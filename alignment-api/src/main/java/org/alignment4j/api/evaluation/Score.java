package org.alignment4j.api.evaluation;

import java.util.Objects;
import org.apiguardian.api.API;

/** What one sample came to on one metric. A failure never becomes a value. */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface Score {

  /**
   * A value that counts.
   *
   * @param value the value, in the metric's unit
   */
  record Scored(double value) implements Score {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException when it is not finite
     */
    public Scored {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("score value must be finite but was " + value);
      }
    }
  }

  /**
   * No verdict: the judge or the parser could not tell. Left out of the mean, counted beside it.
   *
   * @param reason why
   */
  record Unscored(String reason) implements Score {
    /** Checks that nothing is missing. */
    public Unscored {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The call failed; the user's failure policy says what follows.
   *
   * @param error what happened
   */
  record Failed(String error) implements Score {
    /** Checks that nothing is missing. */
    public Failed {
      Objects.requireNonNull(error, "error");
    }
  }
}
