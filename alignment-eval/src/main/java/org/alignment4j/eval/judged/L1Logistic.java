package org.alignment4j.eval.judged;

/**
 * Logistic regression without intercept under an L1 penalty, {@code min |w|₁ + C · Σᵢ sᵢ·[log(1 +
 * e^zᵢ) − tᵢ·zᵢ]} with {@code z = Xw}, targets t in [0, 1] and weights s: what liblinear's {@code
 * l1} solver minimises of rows given once with label 1 and weight s·t and once with label 0 and
 * weight s·(1 − t). Proximal Newton (Yuan et al. 2012, JMLR 13, section 4) with exact steps of few
 * dimensions; deterministic. Pure functions.
 */
final class L1Logistic {
  private static final int STEPS = 200;
  private static final int SWEEPS = 2000;
  private static final int HALVINGS = 60;
  private static final double TOLERANCE = 1e-11;
  private static final double DECREASE = 1e-4;

  /** Keeps a direction that the rows say nothing about from dividing by 0. */
  private static final double LEAST_CURVATURE = 1e-12;

  private L1Logistic() {}

  /**
   * Rows to fit.
   *
   * @param x features by row
   * @param target the share of label 1 by row, in [0, 1]
   * @param weight by row, not negative
   */
  record Rows(double[][] x, double[] target, double[] weight) {
    int size() {
      return x.length;
    }

    int features() {
      return x.length == 0 ? 0 : x[0].length;
    }
  }

  /** Returns the coefficients for a C, from a start that changes how long it takes alone. */
  static double[] fit(Rows rows, double c, double[] start) {
    double[] w = start.clone();
    double value = objective(rows, c, w);
    for (int step = 0; step < STEPS; step++) {
      double[] gradient = new double[w.length];
      double[][] hessian = new double[w.length][w.length];
      double scale = derivatives(rows, c, w, gradient, hessian);
      if (violation(w, gradient) <= TOLERANCE * (1 + scale)) {
        return w;
      }
      double[] direction = direction(w, gradient, hessian);
      double predicted = 0;
      for (int j = 0; j < w.length; j++) {
        predicted += gradient[j] * direction[j] + Math.abs(w[j] + direction[j]) - Math.abs(w[j]);
      }
      double[] next = w;
      double nextValue = value;
      double length = 1;
      for (int halving = 0; halving < HALVINGS; halving++, length /= 2) {
        double[] tried = new double[w.length];
        for (int j = 0; j < w.length; j++) {
          tried[j] = w[j] + length * direction[j];
        }
        double triedValue = objective(rows, c, tried);
        if (triedValue <= value + DECREASE * length * predicted) {
          next = tried;
          nextValue = triedValue;
          break;
        }
      }
      if (!(nextValue < value)) {
        // Rounding hides any further descent of the sum; its slopes still tell which end is nearer.
        next = moved(w, direction);
        if (!(violation(next, gradient(rows, c, next)) < violation(w, gradient))) {
          return w;
        }
        nextValue = objective(rows, c, next);
      }
      w = next;
      value = nextValue;
    }
    return w;
  }

  private static double[] moved(double[] w, double[] direction) {
    double[] end = w.clone();
    for (int j = 0; j < end.length; j++) {
      end[j] += direction[j];
    }
    return end;
  }

  /** The minimised sum. */
  static double objective(Rows rows, double c, double[] w) {
    double sum = 0;
    for (int i = 0; i < rows.size(); i++) {
      double z = dot(rows.x()[i], w);
      sum += rows.weight()[i] * (softplus(z) - rows.target()[i] * z);
    }
    double penalty = 0;
    for (double coefficient : w) {
      penalty += Math.abs(coefficient);
    }
    return penalty + c * sum;
  }

  /**
   * How far coefficients are from the conditions of the minimum: the gradient of the loss is −sign
   * of a coefficient, and in [−1, 1] where that is 0.
   */
  static double violation(double[] w, double[] gradient) {
    double most = 0;
    for (int j = 0; j < w.length; j++) {
      double off =
          w[j] == 0
              ? Math.max(0, Math.abs(gradient[j]) - 1)
              : Math.abs(gradient[j] + Math.signum(w[j]));
      most = Math.max(most, off);
    }
    return most;
  }

  /** The gradient of the loss. */
  static double[] gradient(Rows rows, double c, double[] w) {
    double[] gradient = new double[w.length];
    derivatives(rows, c, w, gradient, new double[w.length][w.length]);
    return gradient;
  }

  /** Adds up gradient and Hessian of the loss; returns the size that rounding is relative to. */
  private static double derivatives(
      Rows rows, double c, double[] w, double[] gradient, double[][] hessian) {
    double scale = 0;
    for (int i = 0; i < rows.size(); i++) {
      double[] x = rows.x()[i];
      double p = probability(dot(x, w));
      double s = c * rows.weight()[i];
      for (int j = 0; j < w.length; j++) {
        gradient[j] += s * (p - rows.target()[i]) * x[j];
        scale = Math.max(scale, Math.abs(gradient[j]));
        for (int k = 0; k < w.length; k++) {
          hessian[j][k] += s * p * (1 - p) * x[j] * x[k];
        }
      }
    }
    return scale;
  }

  /** Where the quadratic model plus the penalty is least, by exact steps along coordinates. */
  private static double[] direction(double[] w, double[] gradient, double[][] hessian) {
    double[] d = new double[w.length];
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double moved = 0;
      double size = 0;
      for (int j = 0; j < w.length; j++) {
        double slope = gradient[j];
        for (int k = 0; k < w.length; k++) {
          slope += hessian[j][k] * d[k];
        }
        double curvature = Math.max(hessian[j][j], LEAST_CURVATURE);
        double at = w[j] + d[j];
        double target = shrunk(at - slope / curvature, 1 / curvature);
        // A direction without rows has no slope either, and the penalty alone decides.
        double change = target - at;
        d[j] += change;
        moved = Math.max(moved, Math.abs(change));
        size = Math.max(size, Math.abs(target));
      }
      if (moved <= 1e-15 * (1 + size)) {
        break;
      }
    }
    return d;
  }

  private static double shrunk(double value, double by) {
    return Math.signum(value) * Math.max(0, Math.abs(value) - by);
  }

  static double probability(double z) {
    return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
  }

  private static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }

  static double dot(double[] x, double[] w) {
    double sum = 0;
    for (int j = 0; j < w.length; j++) {
      sum += x[j] * w[j];
    }
    return sum;
  }
}
