package org.alignment4j.examples.conformance;

import java.util.function.DoubleFunction;

/**
 * The line search of Moré and Thuente (1994, section 4) on a convex function, with the constants of
 * L-BFGS-B: a step must lower the value by 1e-3 of what the first slope promises and the slope to
 * 0.9 of it. Convexity leaves out the case of a slope that grows steeper.
 */
final class LineSearch {

  private static final double DECREASE = 1e-3;
  private static final double CURVATURE = 0.9;
  private static final int TRIALS = 20;

  private final DoubleFunction<Trial> line;

  /**
   * The function at a step.
   *
   * @param step how far along the line
   * @param value there
   * @param slope there
   */
  record Trial(double step, double value, double slope) {}

  LineSearch(DoubleFunction<Trial> line) {
    this.line = line;
  }

  /** The step that is taken when this one is tried first. */
  double from(double first) {
    Trial start = line.apply(0);
    Trial low = start;
    Trial high = start;
    boolean bracketed = false;
    double step = first;
    double least = 0;
    double most = 5 * first;
    for (int i = 0; i < TRIALS; i++) {
      Trial trial = line.apply(step);
      boolean lower = trial.value() <= start.value() + DECREASE * step * start.slope();
      if (lower && Math.abs(trial.slope()) <= -CURVATURE * start.slope()) {
        return step;
      }
      double cubic = cubic(low, trial);
      double next;
      if (trial.value() > low.value()) {
        double quadratic = quadratic(low, trial);
        next =
            Math.abs(cubic - low.step()) < Math.abs(quadratic - low.step())
                ? cubic
                : (cubic + quadratic) / 2;
        high = trial;
        bracketed = true;
      } else {
        double secant = secant(low, trial);
        boolean turned = trial.slope() * low.slope() < 0;
        boolean beyond = (cubic - step) * (step - low.step()) > 0;
        if (!turned && !beyond) {
          cubic = step > low.step() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        boolean cubicFarther = Math.abs(cubic - step) > Math.abs(secant - step);
        if (turned) {
          next = cubicFarther ? cubic : secant;
          high = low;
          bracketed = true;
        } else if (bracketed) {
          double limit = step + 0.66 * (high.step() - step);
          next = cubicFarther ? secant : cubic;
          next = step > low.step() ? Math.min(limit, next) : Math.max(limit, next);
        } else {
          next = Math.min(most, Math.max(least, cubicFarther ? cubic : secant));
        }
        low = trial;
      }
      if (!Double.isFinite(next)) {
        // Two trials are equal but for rounding: there is nothing left to gain.
        return low.step();
      }
      step = next;
      least = step + 1.1 * (step - low.step());
      most = step + 4 * (step - low.step());
    }
    return low.step();
  }

  /** Minimum of the cubic through two values and slopes. */
  private static double cubic(Trial a, Trial b) {
    double width = b.step() - a.step();
    double theta = 3 * (a.value() - b.value()) / width + a.slope() + b.slope();
    double root = Math.sqrt(Math.max(0, theta * theta - a.slope() * b.slope()));
    double gamma = width < 0 ? -root : root;
    return a.step() + width * (gamma - a.slope() + theta) / (2 * gamma - a.slope() + b.slope());
  }

  /** Minimum of the parabola through two values and the slope at the first. */
  private static double quadratic(Trial a, Trial b) {
    double width = b.step() - a.step();
    return a.step() + a.slope() / ((a.value() - b.value()) / width + a.slope()) / 2 * width;
  }

  /** Where the line through two slopes vanishes. */
  private static double secant(Trial a, Trial b) {
    return b.step() + b.slope() / (b.slope() - a.slope()) * (a.step() - b.step());
  }
}
