package org.alignment4j.interp.regression;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Minimisation by limited-memory BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5) with a line
 * search that halves the step until it meets the conditions of Wolfe: no step size is set by hand.
 * Immutable and thread-safe.
 *
 * @param maxIterations most steps
 * @param tolerance ends when no coordinate of the gradient exceeds it in magnitude
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Lbfgs(int maxIterations, double tolerance) {

  private static final int MEMORY = 10;
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final double ROUNDING = 1e-13;
  private static final int LINE_STEPS = 60;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public Lbfgs {
    if (maxIterations < 1 || !(tolerance > 0)) {
      throw new IllegalArgumentException(
          "maxIterations and tolerance must be positive but were "
              + maxIterations
              + " and "
              + tolerance);
    }
  }

  /** At most a thousand steps, to a gradient of 1e-9. */
  public static Lbfgs defaults() {
    return new Lbfgs(1000, 1e-9);
  }

  /**
   * Where the search ended.
   *
   * @param point a new array
   * @param value the function there
   * @param gradientNorm largest magnitude of a coordinate of the gradient there
   * @param iterations steps made
   * @param converged whether the tolerance was reached
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Minimum(
      double[] point, double value, double gradientNorm, int iterations, boolean converged) {}

  private record Step(double[] move, double[] change, double scale) {}

  private record Trial(double[] point, double[] gradient, double value) {}

  /**
   * Minimises a function.
   *
   * @param function bounded below
   * @param start where to begin; not changed
   * @param cancellation asks to stop at the next step
   * @throws IllegalArgumentException if the function is not finite at the start
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Minimum minimise(
      DifferentiableFunction function, double[] start, CancellationToken cancellation) {
    Trial at = trial(function, start.clone());
    if (!Double.isFinite(at.value)) {
      throw new IllegalArgumentException(
          "the function must be finite at the start but was " + at.value);
    }
    Deque<Step> memory = new ArrayDeque<>();
    int iterations = 0;
    while (largest(at.gradient) > tolerance && iterations < maxIterations) {
      cancellation.throwIfCancelled("the fit");
      double[] direction = direction(at.gradient, memory);
      double slope = dot(direction, at.gradient);
      if (!(slope < 0)) {
        memory.clear();
        direction = scaled(at.gradient, -1);
        slope = dot(direction, at.gradient);
      }
      double first = memory.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
      Trial next = search(function, at, direction, slope, first);
      if (next == null) {
        if (memory.isEmpty()) {
          break;
        }
        memory.clear();
        continue;
      }
      remember(memory, at, next);
      at = next;
      iterations++;
    }
    double norm = largest(at.gradient);
    return new Minimum(at.point, at.value, norm, iterations, norm <= tolerance);
  }

  /** Bisection for the weak conditions of Wolfe; null where rounding leaves no decrease. */
  private static @Nullable Trial search(
      DifferentiableFunction function, Trial at, double[] direction, double slope, double first) {
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double step = first;
    Trial best = null;
    for (int i = 0; i < LINE_STEPS; i++) {
      double[] point = at.point.clone();
      for (int j = 0; j < point.length; j++) {
        point[j] += step * direction[j];
      }
      Trial trial = trial(function, point);
      double slopeThere = dot(trial.gradient, direction);
      if (!decreased(at, trial, step, slope, slopeThere)) {
        high = step;
      } else {
        best = best == null || trial.value <= best.value ? trial : best;
        if (slopeThere >= CURVATURE * slope) {
          return trial;
        }
        low = step;
      }
      step = Double.isInfinite(high) ? 2 * step : (low + high) / 2;
    }
    return best;
  }

  /**
   * The first condition of Wolfe, or near the minimum, where values differ by less than their
   * rounding, the same of slopes (Hager and Zhang 2005, equation 23).
   */
  private static boolean decreased(
      Trial at, Trial trial, double step, double slope, double slopeThere) {
    if (trial.value <= at.value + DECREASE * step * slope) {
      return Double.isFinite(trial.value);
    }
    return trial.value <= at.value + ROUNDING * Math.abs(at.value)
        && slopeThere <= (2 * DECREASE - 1) * slope;
  }

  private static void remember(Deque<Step> memory, Trial at, Trial next) {
    double[] move = difference(next.point, at.point);
    double[] change = difference(next.gradient, at.gradient);
    double product = dot(move, change);
    if (product > 1e-16 * dot(change, change)) {
      memory.addLast(new Step(move, change, 1 / product));
      if (memory.size() > MEMORY) {
        memory.removeFirst();
      }
    }
  }

  private static double[] direction(double[] gradient, Deque<Step> memory) {
    double[] q = gradient.clone();
    double[] alphas = new double[memory.size()];
    int i = memory.size();
    for (Iterator<Step> steps = memory.descendingIterator(); steps.hasNext(); ) {
      Step step = steps.next();
      alphas[--i] = step.scale * dot(step.move, q);
      add(q, -alphas[i], step.change);
    }
    if (!memory.isEmpty()) {
      Step last = memory.getLast();
      double scale = 1 / (last.scale * dot(last.change, last.change));
      for (int j = 0; j < q.length; j++) {
        q[j] *= scale;
      }
    }
    for (Step step : memory) {
      double beta = step.scale * dot(step.change, q);
      add(q, alphas[i++] - beta, step.move);
    }
    return scaled(q, -1);
  }

  private static Trial trial(DifferentiableFunction function, double[] point) {
    double[] gradient = new double[point.length];
    double value = function.valueAndGradient(point, gradient);
    return new Trial(point, gradient, value);
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static double[] scaled(double[] x, double factor) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = factor * x[i];
    }
    return out;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] out = a.clone();
    add(out, -1, b);
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double largest(double[] x) {
    double most = 0;
    for (double c : x) {
      most = Math.max(most, Math.abs(c));
    }
    return most;
  }
}
