package org.alignment4j.interp.feature.train;

import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.StateTensor;

/**
 * Gives dead features new directions: of rows of a batch drawn by the square of their error. The
 * decoder's row points to the target, the encoder's column to the input, both without the decoder's
 * bias; other vectors begin anew, and so do the optimiser's moments.
 */
final class FeatureResampler {
  private final SaeDesign design;
  private final Resampling settings;
  private final FlatParameters parameters;
  private final List<StateTensor> moments;

  FeatureResampler(
      SaeDesign design, Resampling settings, FlatParameters parameters, Optimizer optimizer) {
    this.design = design;
    this.settings = settings;
    this.parameters = parameters;
    this.moments = optimizer.state();
  }

  /**
   * Resamples.
   *
   * @param dead which features
   * @param batch the rows to draw from
   * @param rowErrors {@code ‖x − x̂‖²} of each
   * @param random draws
   * @return the features that have new directions; none where no row has an error
   */
  List<Integer> resample(
      boolean[] dead, SaeBatch batch, double[] rowErrors, SplittableRandom random) {
    double[] cumulative = cumulativeSquares(rowErrors);
    List<Integer> resampled = new ArrayList<>();
    if (!(cumulative[cumulative.length - 1] > 0)) {
      return resampled;
    }
    float[] bias = SaeParameters.array(parameters, SaeTensors.B_DEC);
    float decoderNorm = meanDecoderNorm(dead);
    float encoderNorm = (float) (meanEncoderNorm(dead) * settings.encoderScale());
    for (int j = 0; j < dead.length; j++) {
      if (!dead[j]) {
        continue;
      }
      int row = draw(cumulative, random.nextDouble());
      float[] target = unit(batch.targets(), row, batch.outputSize(), bias);
      float[] input =
          unit(
              batch.inputs(),
              row,
              batch.inputSize(),
              design.transcodes() ? new float[batch.inputSize()] : bias);
      begin(j, target, decoderNorm, input, encoderNorm);
      resampled.add(j);
    }
    return resampled;
  }

  private static double[] cumulativeSquares(double[] errors) {
    double[] cumulative = new double[errors.length];
    double sum = 0;
    for (int row = 0; row < errors.length; row++) {
      sum += errors[row] * errors[row];
      cumulative[row] = sum;
    }
    return cumulative;
  }

  private static int draw(double[] cumulative, double uniform) {
    double wanted = uniform * cumulative[cumulative.length - 1];
    int row = 0;
    while (row < cumulative.length - 1 && cumulative[row] <= wanted) {
      row++;
    }
    return row;
  }

  private static float[] unit(FloatBuffer rows, int row, int size, float[] bias) {
    float[] vector = new float[size];
    rows.get(row * size, vector);
    for (int i = 0; i < size; i++) {
      vector[i] -= bias[i];
    }
    DecoderNorms.scaleTo(vector, size, 1);
    return vector;
  }

  private float meanDecoderNorm(boolean[] dead) {
    if (design.constraint() == DecoderConstraint.UNIT_NORM) {
      return 1;
    }
    float[] norms =
        DecoderNorms.of(SaeParameters.array(parameters, SaeTensors.W_DEC), design.outputSize());
    return mean(norms, dead);
  }

  private float meanEncoderNorm(boolean[] dead) {
    float[] encoder = SaeParameters.array(parameters, SaeTensors.W_ENC);
    int width = design.width();
    double[] squares = new double[width];
    for (int i = 0; i < encoder.length; i++) {
      squares[i % width] += (double) encoder[i] * encoder[i];
    }
    float[] norms = new float[width];
    for (int j = 0; j < width; j++) {
      norms[j] = (float) Math.sqrt(squares[j]);
    }
    return mean(norms, dead);
  }

  /** The mean over features that are alive; over all where none is. */
  private static float mean(float[] norms, boolean[] dead) {
    double alive = 0;
    double all = 0;
    int count = 0;
    for (int j = 0; j < norms.length; j++) {
      all += norms[j];
      if (!dead[j]) {
        alive += norms[j];
        count++;
      }
    }
    return (float) (count > 0 ? alive / count : all / norms.length);
  }

  private void begin(
      int feature, float[] target, float targetNorm, float[] input, float inputNorm) {
    for (FlatLayout.Slot slot : parameters.layout().slots()) {
      int size = slot.size();
      int width = design.width();
      switch (slot.name()) {
        case SaeTensors.W_DEC -> {
          for (int i = 0; i < target.length; i++) {
            put(slot, feature * target.length + i, target[i] * targetNorm);
          }
        }
        case SaeTensors.W_ENC -> {
          for (int i = 0; i < size / width; i++) {
            put(slot, i * width + feature, input[i] * inputNorm);
          }
        }
        case SaeTensors.B_DEC, SaeTensors.W_SKIP -> {}
        default -> put(slot, feature, initial());
      }
    }
    if (design.variant() instanceof SaeVariant.JumpRelu) {
      put(parameters.layout().slot(SaeTensors.B_ENC), feature, 0);
    }
  }

  private float initial() {
    return design.variant() instanceof SaeVariant.JumpRelu jump
        ? (float) Math.log(jump.initialThreshold())
        : 0;
  }

  private void put(FlatLayout.Slot slot, int index, float value) {
    parameters.slice(slot.name()).put(index, value);
    for (StateTensor moment : moments) {
      if (moment.name().endsWith("." + slot.buffer())) {
        clear(moment, slot.offset() + index);
      }
    }
  }

  private static void clear(StateTensor moments, int index) {
    int left = index;
    for (Buffer part : moments.parts()) {
      if (left < part.limit()) {
        ((FloatBuffer) part).put(left, 0);
        return;
      }
      left -= part.limit();
    }
  }
}
