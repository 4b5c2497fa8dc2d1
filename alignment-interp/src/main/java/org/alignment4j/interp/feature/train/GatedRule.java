package org.alignment4j.interp.feature.train;

import java.util.Map;
import org.alignment4j.interp.feature.SaeTensors;

/**
 * {@code π = p + b_gate}, {@code f = 1[π > 0]·relu(p·e^r + b_mag)}, penalty {@code c·Σ
 * relu(π)‖W_dec‖}, and {@code relu(π)} as the features of the auxiliary reconstruction. No gradient
 * passes the gate's step.
 *
 * @param gateBias {@code b_gate}
 * @param bias {@code b_mag}
 * @param factor {@code e^r}
 * @param norms {@code ‖W_dec‖}
 * @param weight {@code c}, the penalty's weight divided by the number of rows
 */
record GatedRule(float[] gateBias, float[] bias, float[] factor, float[] norms, float weight)
    implements DenseRule {
  private static final int GATE = 2;
  private static final int MAGNITUDE = 3;
  private static final int FACTOR = 4;

  @Override
  public int vectors() {
    return 5;
  }

  @Override
  public boolean hasAuxiliary() {
    return true;
  }

  @Override
  public boolean readsPreActivations() {
    return true;
  }

  @Override
  public void forward(float[] p, float[] f, float[] auxiliary) {
    for (int j = 0; j < f.length; j++) {
      float gate = p[j] + gateBias[j];
      float magnitude = p[j] * factor[j] + bias[j];
      f[j] = gate > 0 && magnitude > 0 ? magnitude : 0;
      auxiliary[j] = Math.max(gate, 0f);
    }
  }

  @Override
  public void backward(float[] p, float[] f, float[] g, float[] auxiliary, RowSums sums) {
    for (int j = 0; j < f.length; j++) {
      float gate = p[j] + gateBias[j];
      float byMagnitude = f[j] > 0 ? g[j] : 0;
      float byGate = 0;
      if (gate > 0) {
        byGate = auxiliary[j] + weight * norms[j];
        sums.penalty += (double) weight * gate * norms[j];
        sums.vectors[RowSums.NORM][j] += weight * gate;
      }
      if (f[j] > 0) {
        sums.firings[j]++;
      }
      g[j] = byMagnitude * factor[j] + byGate;
      sums.vectors[RowSums.PRE][j] += g[j];
      sums.vectors[GATE][j] += byGate;
      sums.vectors[MAGNITUDE][j] += byMagnitude;
      sums.vectors[FACTOR][j] += byMagnitude * p[j] * factor[j];
    }
  }

  @Override
  public Map<String, float[]> gradients(RowSums[] parts) {
    return Map.of(
        SaeTensors.B_GATE,
        RowSums.total(parts, GATE),
        SaeTensors.B_MAG,
        RowSums.total(parts, MAGNITUDE),
        SaeTensors.R_MAG,
        RowSums.total(parts, FACTOR));
  }
}
