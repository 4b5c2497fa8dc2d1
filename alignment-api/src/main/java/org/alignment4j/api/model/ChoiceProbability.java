package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How likely a model gives one of several texts.
 *
 * @param text the choice
 * @param probability its probability given that the reply is one of the choices, in [0, 1]; they
 *     sum to one
 * @param logProb the logarithm of its probability among all replies, over {@code tokenizations}
 * @param tokens its likeliest tokenisation, without an end-of-sequence token
 * @param tokenizations how many token sequences that spell the choice were summed
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChoiceProbability(
    String text, double probability, double logProb, TokenIds tokens, int tokenizations) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the probability is outside [0, 1] or the logarithm NaN
   */
  public ChoiceProbability {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(tokens, "tokens");
    if (!(probability >= 0 && probability <= 1) || Double.isNaN(logProb)) {
      throw new IllegalArgumentException(
          "probability must be in [0, 1] and logProb a number but were "
              + probability
              + " and "
              + logProb);
    }
  }
}
