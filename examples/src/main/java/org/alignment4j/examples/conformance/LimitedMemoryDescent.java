package org.alignment4j.examples.conformance;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Minimises a smooth convex function by the limited-memory method of Broyden, Fletcher, Goldfarb
 * and Shanno (Liu and Nocedal 1989) with SciPy's settings for L-BFGS-B: ten corrections, a first
 * trial step of length 1, at most 100 iterations.
 */
final class LimitedMemoryDescent {

  private static final int CORRECTIONS = 10;
  private static final int ITERATIONS = 100;

  private final ToDoubleFunction<double[]> function;
  private final UnaryOperator<double[]> derivative;

  /** How a step changed the place and the gradient. */
  private record Correction(double[] step, double[] change) {

    double product() {
      return dot(step, change);
    }
  }

  LimitedMemoryDescent(ToDoubleFunction<double[]> function, UnaryOperator<double[]> derivative) {
    this.function = function;
    this.derivative = derivative;
  }

  /**
   * Where the descent from a place ends.
   *
   * @param leastDecrease a step that lowers the value by no more than this share of it is the last
   * @param leastGradient no step is taken where no component is larger
   */
  double[] minimum(double[] from, double leastDecrease, double leastGradient) {
    double[] place = from;
    double value = function.applyAsDouble(place);
    double[] gradient = derivative.apply(place);
    Deque<Correction> corrections = new ArrayDeque<>();
    for (int i = 0; i < ITERATIONS && largest(gradient) > leastGradient; i++) {
      double[] direction = direction(gradient, corrections);
      double first = i == 0 ? 1 / Math.sqrt(dot(direction, direction)) : 1;
      double size = step(place, direction, first);
      double[] next = moved(place, size, direction);
      double[] nextGradient = derivative.apply(next);
      Correction made = new Correction(moved(next, -1, place), moved(nextGradient, -1, gradient));
      // Close to the minimum, rounding can leave a step without curvature.
      if (made.product() > 0) {
        corrections.addLast(made);
      }
      if (corrections.size() > CORRECTIONS) {
        corrections.removeFirst();
      }
      double before = value;
      value = function.applyAsDouble(next);
      place = next;
      gradient = nextGradient;
      double scale = Math.max(1, Math.max(Math.abs(before), Math.abs(value)));
      if (before - value <= leastDecrease * scale) {
        break;
      }
    }
    return place;
  }

  private double step(double[] place, double[] direction, double first) {
    return new LineSearch(
            t -> {
              double[] at = moved(place, t, direction);
              return new LineSearch.Trial(
                  t, function.applyAsDouble(at), dot(derivative.apply(at), direction));
            })
        .from(first);
  }

  private static double[] direction(double[] gradient, Deque<Correction> corrections) {
    double[] q = gradient;
    Deque<Double> factors = new ArrayDeque<>();
    for (Correction c : (Iterable<Correction>) corrections::descendingIterator) {
      double factor = dot(c.step(), q) / c.product();
      factors.push(factor);
      q = moved(q, -factor, c.change());
    }
    double scale = 1;
    if (!corrections.isEmpty()) {
      Correction last = corrections.getLast();
      scale = last.product() / dot(last.change(), last.change());
    }
    double[] r = moved(new double[q.length], scale, q);
    Iterator<Double> remembered = factors.iterator();
    for (Correction c : List.copyOf(corrections)) {
      double back = dot(c.change(), r) / c.product();
      r = moved(r, remembered.next() - back, c.step());
    }
    return moved(new double[r.length], -1, r);
  }

  private static double[] moved(double[] from, double size, double[] direction) {
    double[] to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] += size * direction[i];
    }
    return to;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
