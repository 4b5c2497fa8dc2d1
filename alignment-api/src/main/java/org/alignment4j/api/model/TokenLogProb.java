package org.alignment4j.api.model;

import java.util.Objects;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * One candidate of the model's distribution at a position.
 *
 * @param text the token as text
 * @param id the token's id; empty when the model does not disclose ids
 * @param logProb its log-probability (natural logarithm)
 */
@API(status = API.Status.STABLE, since = "0.1")
public record TokenLogProb(String text, OptionalInt id, double logProb) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the log-probability is NaN
   */
  public TokenLogProb {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(id, "id");
    if (Double.isNaN(logProb)) {
      throw new IllegalArgumentException("logProb must be a number but was NaN");
    }
  }
}
