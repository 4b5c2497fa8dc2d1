package org.alignment4j.interp.feature.train;

import java.util.Map;
import org.alignment4j.interp.feature.SaeTensors;

/**
 * {@code z = p + b}, {@code f = z·1[z > θ]} with the penalties of {@link SaeVariant.JumpRelu}. The
 * gradient by {@code log θ} is θ times that by θ.
 *
 * @param bias {@code b_enc}
 * @param threshold θ
 * @param norms {@code ‖W_dec‖}
 * @param dead which features are dead
 * @param bandwidth ε
 * @param tanhScale scale within the tanh penalty; 0 for the step penalty
 * @param weight the penalty's weight divided by the number of rows
 * @param preActivation weight of the pre-activation loss divided by the number of rows
 */
record JumpReluRule(
    float[] bias,
    float[] threshold,
    float[] norms,
    boolean[] dead,
    float bandwidth,
    float tanhScale,
    float weight,
    float preActivation)
    implements DenseRule {
  private static final int LOG_THRESHOLD = 2;

  @Override
  public int vectors() {
    return 3;
  }

  @Override
  public boolean readsPreActivations() {
    return true;
  }

  @Override
  public void forward(float[] p, float[] f, float[] auxiliary) {
    for (int j = 0; j < f.length; j++) {
      float z = p[j] + bias[j];
      f[j] = z > threshold[j] ? z : 0;
    }
  }

  @Override
  public void backward(float[] p, float[] f, float[] g, float[] auxiliary, RowSums sums) {
    for (int j = 0; j < f.length; j++) {
      float z = p[j] + bias[j];
      float theta = threshold[j];
      boolean active = z > theta;
      float byThreshold = 0;
      float byFeature = g[j];
      if (active) {
        sums.firings[j]++;
      }
      if (tanhScale == 0) {
        sums.penalty += active ? weight : 0;
      } else {
        float bounded = (float) Math.tanh(tanhScale * f[j] * norms[j]);
        float slope = weight * tanhScale * (1 - bounded * bounded);
        sums.penalty += weight * bounded;
        byFeature += slope * norms[j];
        sums.vectors[RowSums.NORM][j] += slope * f[j];
      }
      if (Math.abs(z - theta) < bandwidth / 2) {
        byThreshold -= theta / bandwidth * byFeature;
        byThreshold -= tanhScale == 0 ? weight / bandwidth : 0;
      }
      float byPre = active ? byFeature : 0;
      if (preActivation > 0 && dead[j] && z < theta) {
        byPre -= preActivation * norms[j];
        byThreshold += preActivation * norms[j];
        sums.vectors[RowSums.NORM][j] += preActivation * (theta - z);
        sums.auxiliary += (double) preActivation * (theta - z) * norms[j];
      }
      g[j] = byPre;
      sums.vectors[RowSums.PRE][j] += byPre;
      sums.vectors[LOG_THRESHOLD][j] += theta * byThreshold;
    }
  }

  @Override
  public Map<String, float[]> gradients(RowSums[] parts) {
    return Map.of(
        SaeTensors.B_ENC,
        RowSums.total(parts, RowSums.PRE),
        SaeParameters.LOG_THRESHOLD,
        RowSums.total(parts, LOG_THRESHOLD));
  }
}
