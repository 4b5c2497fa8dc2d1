package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;

/** The trained tensors of a design: their layout and their values at the start. */
final class SaeParameters {
  /** Logarithms of the thresholds of JumpReLU, {@code [F]}. */
  static final String LOG_THRESHOLD = "log_threshold";

  private SaeParameters() {}

  static FlatLayout layout(SaeDesign design) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    int width = design.width();
    shapes.put(SaeTensors.W_ENC, List.of(design.inputSize(), width));
    shapes.put(SaeTensors.W_DEC, List.of(width, design.outputSize()));
    shapes.put(SaeTensors.B_DEC, List.of(design.outputSize()));
    if (design.variant() instanceof SaeVariant.Gated) {
      shapes.put(SaeTensors.B_GATE, List.of(width));
      shapes.put(SaeTensors.B_MAG, List.of(width));
      shapes.put(SaeTensors.R_MAG, List.of(width));
    } else {
      shapes.put(SaeTensors.B_ENC, List.of(width));
    }
    if (design.variant() instanceof SaeVariant.JumpRelu) {
      shapes.put(LOG_THRESHOLD, List.of(width));
    }
    if (design.skip()) {
      shapes.put(SaeTensors.W_SKIP, List.of(design.outputSize(), design.inputSize()));
    }
    return FlatLayout.of(shapes);
  }

  /**
   * Values at the start: the decoder uniform in {@code ±√(6/fan-in)} (He et al. 2015), its rows
   * then of one norm, the encoder its transpose (for a transcoder drawn alike), biases and skip
   * zero.
   */
  static FlatParameters initial(SaeDesign design, long seed) {
    FlatParameters parameters = FlatParameters.zeros(layout(design));
    SplittableRandom random = new SplittableRandom(seed);
    int width = design.width();
    int out = design.outputSize();
    float[] decoder = uniform(random, width * out, out);
    DecoderNorms.scaleTo(decoder, out, (float) design.decoderNorm());
    parameters.slice(SaeTensors.W_DEC).put(decoder);
    int in = design.inputSize();
    float[] encoder;
    if (design.transcodes()) {
      float[] rows = uniform(random, width * in, in);
      DecoderNorms.scaleTo(rows, in, (float) design.decoderNorm());
      encoder = transposed(rows, width, in);
    } else {
      encoder = transposed(decoder, width, in);
    }
    parameters.slice(SaeTensors.W_ENC).put(encoder);
    if (design.variant() instanceof SaeVariant.JumpRelu jump) {
      FloatBuffer thresholds = parameters.slice(LOG_THRESHOLD);
      while (thresholds.hasRemaining()) {
        thresholds.put((float) Math.log(jump.initialThreshold()));
      }
    }
    return parameters;
  }

  private static float[] uniform(SplittableRandom random, int count, int fanIn) {
    double bound = Math.sqrt(6.0 / fanIn);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  private static float[] transposed(float[] rows, int count, int size) {
    float[] columns = new float[rows.length];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < size; i++) {
        columns[i * count + row] = rows[row * size + i];
      }
    }
    return columns;
  }

  /** A copy of one tensor. */
  static float[] array(FlatParameters parameters, String name) {
    FloatBuffer slice = parameters.slice(name);
    float[] values = new float[slice.remaining()];
    slice.get(values);
    return values;
  }
}
