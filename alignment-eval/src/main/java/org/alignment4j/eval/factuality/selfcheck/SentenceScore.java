package org.alignment4j.eval.factuality.selfcheck;

import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * How little of a sentence the samples bear out.
 *
 * @param value higher for less supported; empty without a verdict of any sample
 * @param asked samples compared with it
 * @param unclear those of them that gave no verdict
 * @param usage what it cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SentenceScore(OptionalDouble value, int asked, int unclear, Usage usage) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the value is not finite or more are unclear than asked
   */
  public SentenceScore {
    Objects.requireNonNull(usage, "usage");
    if (value.isPresent() && !Double.isFinite(value.getAsDouble())) {
      throw new IllegalArgumentException("value must be finite but was " + value.getAsDouble());
    }
    if (unclear < 0 || unclear > asked) {
      throw new IllegalArgumentException(
          "unclear must be in [0, asked = " + asked + "] but was " + unclear);
    }
  }
}
