package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.jspecify.annotations.Nullable;

/** Adds a low-rank update to a linear weight. */
final class LoraMerge {
  private LoraMerge() {}

  /** The adapted weight; what each output reads is rescaled where there are magnitudes. */
  static WeightTensor merge(
      WeightTensor weight, LoraMatrices pair, double scale, LinearLayout layout) {
    AdaptedRows adapted = new AdaptedRows(weight, pair, scale, layout);
    WeightTensor magnitude = pair.magnitude();
    double @Nullable [] gains = magnitude == null ? null : adapted.gains(magnitude);
    FloatBuffer merged = FlatParameters.allocate(weight.size());
    float[] rounded = new float[adapted.columns()];
    int[] next = {0};
    adapted.forEach(
        row -> {
          int r = next[0]++;
          for (int c = 0; c < rounded.length; c++) {
            double gain = gains == null ? 1 : gains[adapted.rowsAreOutputs() ? r : c];
            rounded[c] = (float) (gain * row[c]);
          }
          merged.put(rounded);
        });
    return new WeightTensor(weight.name(), weight.shape(), merged.flip());
  }
}
