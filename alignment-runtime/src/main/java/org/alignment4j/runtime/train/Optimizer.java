package org.alignment4j.runtime.train;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Changes parameters along their gradients. Mutable and owned by one training run; parallel inside,
 * with results that do not depend on the number of threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Optimizer {

  /**
   * Makes one update in place.
   *
   * @param gradients in the layout of the parameters; left as they are
   * @param gradientScale multiplies the gradients first, such as one over the number of tokens
   *     accumulated; positive
   * @param learningRate not negative
   * @param maxNorm the scaled gradients are shrunk to this global Euclidean norm when theirs is
   *     larger; positive infinity never clips
   * @return what was done
   * @throws IllegalArgumentException when an argument is out of range or the layout another
   * @throws org.alignment4j.api.TrainingDivergedException when a gradient is NaN or infinite; then
   *     nothing has changed
   */
  Update update(
      FlatParameters gradients, double gradientScale, double learningRate, double maxNorm);

  /**
   * Returns the number of updates made.
   *
   * @return updates since the first, over all resumptions
   */
  long steps();

  /**
   * Returns everything the next update depends on besides the parameters and {@link #steps()}, as
   * writable views.
   *
   * @return named state; the same names and sizes for the same layout
   */
  List<StateTensor> state();

  /**
   * Continues a run whose {@link #state()} has been filled in.
   *
   * @param steps updates already made, not negative
   */
  void resumeAt(long steps);

  /**
   * What one update did.
   *
   * @param gradientNorm global norm of the scaled gradients before clipping
   * @param clipFactor what they were multiplied by, 1 when not clipped
   */
  record Update(double gradientNorm, double clipFactor) {}
}
