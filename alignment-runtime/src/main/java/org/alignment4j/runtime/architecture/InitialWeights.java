package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.runtime.architecture.Parameter.Role;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * Random weights for a new model: matrices and embeddings normal with standard deviation 0.02, the
 * projections that write to the residual stream scaled by {@code 1/sqrt(2·layers)} (Radford et al.
 * 2019, section 2.3), gains 1, biases 0.
 */
public final class InitialWeights {

  static final double STANDARD_DEVIATION = 0.02;

  private InitialWeights() {}

  /**
   * Draws weights. The same architecture and seed give the same bits on every machine; each
   * parameter has a stream of its own.
   *
   * @param seed seed of all streams
   */
  public static Weights create(Architecture architecture, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double residual = STANDARD_DEVIATION / Math.sqrt(2.0 * architecture.config().layers());
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : architecture.parameters()) {
      SplittableRandom stream = random.split();
      float[] values = new float[Math.toIntExact(parameter.size())];
      if (parameter.role() == Role.NORM_WEIGHT) {
        Arrays.fill(values, architecture.config().variations().unitOffsetNorm() ? 0 : 1);
      } else {
        fill(values, parameter, stream, residual);
      }
      tensors.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  /**
   * Draws a matrix, each element normal around 0. The same arguments give the same bits on every
   * machine.
   *
   * @param name its name
   * @param rows its first dimension
   * @param columns its second dimension
   * @param deviation standard deviation of the elements, finite and not negative
   * @param seed where the random numbers start
   * @throws IllegalArgumentException if the deviation is out of range
   */
  public static WeightTensor matrix(
      String name, int rows, int columns, double deviation, long seed) {
    if (!(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new IllegalArgumentException(
          "deviation must be finite and not negative but was " + deviation);
    }
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * gaussian(random));
    }
    return WeightTensor.of(name, new long[] {rows, columns}, values);
  }

  private static void fill(
      float[] values, Parameter parameter, SplittableRandom random, double residual) {
    Role role = parameter.role();
    if (role == Role.NORM_BIAS || role == Role.LINEAR_BIAS || role == Role.HEAD_BIAS) {
      return;
    }
    boolean writesResidual = parameter.part() == Part.OUTPUT || parameter.part() == Part.DOWN;
    double deviation = writesResidual ? residual : STANDARD_DEVIATION;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * gaussian(random));
    }
  }

  /**
   * A standard normal draw (Box and Muller 1958), by functions that are the same on every platform.
   */
  private static double gaussian(SplittableRandom random) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
  }
}
