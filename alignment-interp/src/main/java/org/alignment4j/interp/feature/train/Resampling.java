package org.alignment4j.interp.feature.train;

import org.apiguardian.api.API;

/**
 * How dead features are given new directions (Bricken et al. 2023, "Neuron resampling"): those of
 * inputs that are drawn with a probability proportional to the square of their loss.
 *
 * @param every steps between two resamplings, at least 1
 * @param last the last step at which it is done
 * @param encoderScale norm of a new encoder vector, in mean norms of those that are alive; 0.2 in
 *     the paper
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Resampling(long every, long last, double encoderScale) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public Resampling {
    Checks.positive("every", every);
    Checks.notNegative("last", last);
    Checks.positive("encoderScale", encoderScale);
  }

  boolean due(long step) {
    return step % every == 0 && step <= last;
  }
}
