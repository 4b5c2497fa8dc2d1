package org.alignment4j.interp.feature.train;

import java.util.Map;
import org.alignment4j.interp.feature.SaeTensors;

/**
 * {@code f = relu(p + b)} with the penalty {@code c · ‖f ⊙ ‖W_dec‖‖_p} of each row.
 *
 * @param bias {@code b_enc}
 * @param norms {@code ‖W_dec‖}
 * @param weight {@code c}, the penalty's weight divided by the number of rows
 * @param power which norm
 */
record StandardRule(float[] bias, float[] norms, float weight, double power) implements DenseRule {

  @Override
  public int vectors() {
    return 2;
  }

  @Override
  public boolean readsPreActivations() {
    return false;
  }

  @Override
  public void forward(float[] p, float[] f, float[] auxiliary) {
    for (int j = 0; j < f.length; j++) {
      f[j] = Math.max(p[j] + bias[j], 0f);
    }
  }

  @Override
  public void backward(float[] p, float[] f, float[] g, float[] auxiliary, RowSums sums) {
    if (power == 1) {
      absolute(f, g, sums);
    } else {
      powers(f, g, sums);
    }
  }

  /**
   * Without branches, which would be mispredicted: features are not negative, so that the bits of
   * one are zero exactly where it is, and give a mask of all ones elsewhere.
   */
  private void absolute(float[] f, float[] g, RowSums sums) {
    float[] norm = sums.vectors[RowSums.NORM];
    float[] pre = sums.vectors[RowSums.PRE];
    int[] firings = sums.firings;
    for (int j = 0; j < f.length; j++) {
      int mask = -Float.floatToRawIntBits(f[j]) >> 31;
      int slope = Float.floatToRawIntBits(g[j] + weight * norms[j]);
      float kept = Float.intBitsToFloat(slope & mask);
      g[j] = kept;
      pre[j] += kept;
      norm[j] += weight * f[j];
      firings[j] -= mask;
    }
    sums.penalty += (double) weight * SparseVectors.product(f, 0, norms, 0, f.length);
  }

  /** With {@code S = (Σ a^p)^(1/p)}, {@code ∂S/∂a = (a/S)^(p−1)}. */
  private void powers(float[] f, float[] g, RowSums sums) {
    double total = 0;
    for (int j = 0; j < f.length; j++) {
      total += f[j] > 0 ? Math.pow((double) f[j] * norms[j], power) : 0;
    }
    double size = Math.pow(total, 1 / power);
    for (int j = 0; j < f.length; j++) {
      if (f[j] > 0) {
        double slope = size > 0 ? Math.pow((double) f[j] * norms[j] / size, power - 1) * weight : 0;
        g[j] += (float) (slope * norms[j]);
        sums.vectors[RowSums.PRE][j] += g[j];
        sums.vectors[RowSums.NORM][j] += (float) (slope * f[j]);
        sums.firings[j]++;
      } else {
        g[j] = 0;
      }
    }
    sums.penalty += weight * size;
  }

  @Override
  public Map<String, float[]> gradients(RowSums[] parts) {
    return Map.of(SaeTensors.B_ENC, RowSums.total(parts, RowSums.PRE));
  }
}
