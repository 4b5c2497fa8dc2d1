package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.alignment4j.api.TrainingDivergedException;
import org.alignment4j.runtime.train.FlatLayout.Slot;

/** The Euclidean norm over all gradients, summed in double in a fixed order of blocks. */
final class GradientNorm {
  private GradientNorm() {}

  /**
   * Norm of the gradients; the same bits for any number of threads.
   *
   * @param scratch gives each thread memory of a block
   */
  static double of(
      FlatParameters gradients,
      Blocks blocks,
      Executor executor,
      int threads,
      Supplier<float[]> scratch) {
    double[] sums = new double[blocks.count()];
    blocks.forEach(
        executor,
        threads,
        () -> {
          float[] g = scratch.get();
          return (block, buffer, start, length) -> {
            gradients.buffer(buffer).get(start, g, 0, length);
            sums[block] = Squares.sum(g, 0, length);
          };
        });
    double total = 0;
    for (double sum : sums) {
      total += sum;
    }
    return Math.sqrt(total);
  }

  /**
   * Checks a norm; squares of finite floats never overflow a double, so that it is finite exactly
   * when every gradient is.
   *
   * @throws TrainingDivergedException naming the first tensor that is not finite
   */
  static void checkFinite(double norm, FlatParameters gradients, long step) {
    if (Double.isFinite(norm)) {
      return;
    }
    for (Slot slot : gradients.layout().slots()) {
      FloatBuffer values = gradients.slice(slot.name());
      for (int i = 0; i < slot.size(); i++) {
        if (!Float.isFinite(values.get(i))) {
          throw new TrainingDivergedException(
              step,
              "gradients must be finite but "
                  + slot.name()
                  + " has "
                  + values.get(i)
                  + " at element "
                  + i
                  + " in step "
                  + step
                  + "; lower the learning rate or clip the gradient");
        }
      }
    }
    throw new TrainingDivergedException(
        step, "the gradient norm must be finite but was " + norm + " in step " + step);
  }
}
