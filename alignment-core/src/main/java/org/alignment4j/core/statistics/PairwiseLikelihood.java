package org.alignment4j.core.statistics;

import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;

/**
 * The negative log-likelihood of won comparisons as a function of the players' strengths, {@code −Σ
 * w_ab · log σ(s_a − s_b) − v/2 · Σ_a [log σ(s_a − s̄) + log σ(s̄ − s_a)]}, convex and unchanged by
 * a common shift.
 */
final class PairwiseLikelihood {

  private static final int MOST_STEPS = 200;

  private final double[][] wins;
  private final double virtualGames;
  private final double games;

  PairwiseLikelihood(double[][] wins, double virtualGames) {
    this.wins = wins;
    this.virtualGames = virtualGames;
    double sum = virtualGames * wins.length;
    for (double[] row : wins) {
      for (double w : row) {
        sum += w;
      }
    }
    this.games = sum;
  }

  /**
   * Returns the most likely strengths, with mean 0, by Newton's method with halved steps.
   *
   * @throws IllegalStateException if it does not converge, which needs a maximum at infinity
   */
  double[] maximise() {
    int n = wins.length;
    double[] strengths = new double[n];
    double value = value(strengths);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] gradient = gradient(strengths);
      double[] move = newtonMove(strengths, gradient);
      double slope = 0;
      for (int a = 0; a < n; a++) {
        slope += gradient[a] * move[a];
      }
      double[] next = moved(strengths, move, 1);
      if (-slope <= 1e-20 * games) {
        return next;
      }
      double reached = value(next);
      // So near the minimum full steps converge, while rounding hides the descent of the value.
      boolean near = -slope <= 1e-10 * value;
      for (double size = 0.5; !near && reached > value + 1e-4 * size * slope; size /= 2) {
        next = moved(strengths, move, size);
        reached = value(next);
      }
      strengths = next;
      value = reached;
    }
    throw new IllegalStateException(
        "ratings did not converge in " + MOST_STEPS + " steps over " + n + " players");
  }

  private double value(double[] s) {
    double mean = Moments.mean(s);
    double sum = 0;
    for (int a = 0; a < s.length; a++) {
      for (int b = 0; b < s.length; b++) {
        sum += wins[a][b] == 0 ? 0 : wins[a][b] * LogOdds.softplus(s[b] - s[a]);
      }
      sum += virtualGames / 2 * (LogOdds.softplus(s[a] - mean) + LogOdds.softplus(mean - s[a]));
    }
    return sum;
  }

  private double[] gradient(double[] s) {
    int n = s.length;
    double mean = Moments.mean(s);
    double[] gradient = new double[n];
    double total = 0;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        double pull = wins[a][b] * LogOdds.sigmoid(s[b] - s[a]);
        gradient[a] -= pull;
        gradient[b] += pull;
      }
      double pull = virtualGames * (LogOdds.sigmoid(s[a] - mean) - 0.5);
      gradient[a] += pull;
      total += pull;
    }
    for (int a = 0; a < n; a++) {
      gradient[a] -= total / n;
    }
    return gradient;
  }

  private double[] newtonMove(double[] s, double[] gradient) {
    int n = s.length;
    double mean = Moments.mean(s);
    double[][] hessian = new double[n][n];
    double[] virtual = new double[n];
    double virtualSum = 0;
    for (int a = 0; a < n; a++) {
      double p = LogOdds.sigmoid(s[a] - mean);
      virtual[a] = virtualGames * p * (1 - p);
      virtualSum += virtual[a];
    }
    double trace = 0;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < a; b++) {
        double p = LogOdds.sigmoid(s[a] - s[b]);
        double h = (wins[a][b] + wins[b][a]) * p * (1 - p);
        double v = (virtualSum / n - virtual[a] - virtual[b]) / n;
        hessian[a][a] += h;
        hessian[b][b] += h;
        hessian[a][b] += v - h;
        hessian[b][a] += v - h;
      }
      hessian[a][a] += virtual[a] + (virtualSum / n - 2 * virtual[a]) / n;
    }
    for (int a = 0; a < n; a++) {
      trace += hessian[a][a];
    }
    // The common shift has no curvature; any there leaves the move of the others as it is.
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        hessian[a][b] += trace / n / n;
      }
    }
    double[] move =
        new CholeskyDecomposition(MatrixUtils.createRealMatrix(hessian), 1e-9, 0)
            .getSolver()
            .solve(new ArrayRealVector(gradient, false))
            .toArray();
    double shift = Moments.mean(move);
    for (int a = 0; a < n; a++) {
      move[a] = shift - move[a];
    }
    return move;
  }

  private static double[] moved(double[] s, double[] move, double size) {
    double[] next = new double[s.length];
    for (int a = 0; a < next.length; a++) {
      next[a] = s[a] + size * move[a];
    }
    return next;
  }
}
