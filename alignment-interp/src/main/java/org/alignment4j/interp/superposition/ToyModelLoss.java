package org.alignment4j.interp.superposition;

/**
 * {@code L = mean_B Σ_i I_i (x_i − x'_i)²} of a toy model and its gradient. With {@code δ_i =
 * 2·I_i·(x'_i − x_i)/B}, zero where the relu is, {@code ∂L/∂b = Σ δ} and {@code ∂L/∂W = Σ h·δᵀ +
 * (W·δ)·xᵀ}. Pure functions, in double.
 */
final class ToyModelLoss {
  private ToyModelLoss() {}

  /**
   * Computes the loss and adds its gradients to arrays.
   *
   * @param x {@code [B, n]}
   * @param w {@code [m, n]}
   * @param b {@code [n]}
   * @param importance {@code I}, {@code [n]}
   * @param byWeights {@code [m, n]}
   * @param byBias {@code [n]}
   */
  static double add(
      double[] x,
      double[] w,
      double[] b,
      double[] importance,
      boolean relu,
      double[] byWeights,
      double[] byBias) {
    int n = b.length;
    int m = w.length / n;
    int batch = x.length / n;
    double loss = 0;
    double[] h = new double[m];
    double[] delta = new double[n];
    for (int row = 0; row < batch; row++) {
      int start = row * n;
      hidden(x, start, w, h, n);
      for (int i = 0; i < n; i++) {
        double y = b[i];
        for (int k = 0; k < m; k++) {
          y += w[k * n + i] * h[k];
        }
        boolean open = !relu || y > 0;
        double error = (open ? y : 0) - x[start + i];
        loss += importance[i] * error * error;
        delta[i] = open ? 2 * importance[i] * error / batch : 0;
        byBias[i] += delta[i];
      }
      for (int k = 0; k < m; k++) {
        double back = 0;
        for (int i = 0; i < n; i++) {
          back += w[k * n + i] * delta[i];
        }
        for (int i = 0; i < n; i++) {
          byWeights[k * n + i] += h[k] * delta[i] + back * x[start + i];
        }
      }
    }
    return loss / batch;
  }

  private static void hidden(double[] x, int start, double[] w, double[] h, int n) {
    for (int k = 0; k < h.length; k++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += w[k * n + i] * x[start + i];
      }
      h[k] = sum;
    }
  }
}
