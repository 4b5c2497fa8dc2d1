package org.alignment4j.rlhf.selection;

import org.apiguardian.api.API;

/**
 * A sampled answer as selection sees it.
 *
 * @param prompt number of its prompt
 * @param reward finite
 * @param logRatio log π(answer) − log π₀(answer), of the policy that gave it and the first one, in
 *     nats; 0 where {@link Selection#usesLogRatios()} is false
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Candidate(int prompt, double reward, double logRatio) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException when one is not finite
   */
  public Candidate {
    if (!Double.isFinite(reward) || !Double.isFinite(logRatio)) {
      throw new IllegalArgumentException(
          "reward and logRatio of an answer to prompt %s must be finite but were %s and %s"
              .formatted(prompt, reward, logRatio));
    }
  }
}
