package org.alignment4j.rlhf;

import org.apiguardian.api.API;

/**
 * How the policy samples completions while it is trained. Nothing of its distribution is cut away,
 * since the trainer's log-probabilities are those of the whole distribution.
 *
 * @param maxNewTokens most tokens of a completion, from 1
 * @param temperature what divides the logits in sampling and in training, positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RolloutOptions(int maxNewTokens, double temperature) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is not positive
   */
  public RolloutOptions {
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be at least 1 but was " + maxNewTokens);
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature must be positive and finite but was " + temperature);
    }
  }

  /**
   * Returns options of temperature 1.
   *
   * @param maxNewTokens most tokens of a completion
   * @return the options
   */
  public static RolloutOptions of(int maxNewTokens) {
    return new RolloutOptions(maxNewTokens, 1);
  }
}
