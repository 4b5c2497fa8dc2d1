package org.alignment4j.interp.steer;

import org.apiguardian.api.API;

/**
 * How one head is shifted.
 *
 * @param layer the layer, from 0
 * @param head the attention head, from 0
 * @param accuracy of its probe on questions that the probe was not fitted on
 * @param direction {@code [dHead]}, of unit length
 * @param deviation standard deviation of the fitted activations along the direction
 */
@SuppressWarnings("ArrayRecordComponent")
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadShift(
    int layer, int head, double accuracy, double[] direction, double deviation) {

  /** Copies. */
  public HeadShift {
    direction = direction.clone();
  }

  @Override
  public double[] direction() {
    return direction.clone();
  }

  /** {@code strength · deviation · direction}. */
  double[] shift(double strength) {
    double[] shift = direction.clone();
    for (int i = 0; i < shift.length; i++) {
      shift[i] *= strength * deviation;
    }
    return shift;
  }
}
