package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.Direction;

/** Compares difference-of-means directions of two models on the same examples. */
final class DirectionComparison {

  private final Rows before;
  private final Rows after;
  private final int positives;
  private final Bootstrap bootstrap;

  /** Rows of positive examples first, then those of negative ones; one a row. */
  DirectionComparison(Rows before, Rows after, int positives, Bootstrap bootstrap) {
    this.before = before;
    this.after = after;
    this.positives = positives;
    this.bootstrap = bootstrap;
  }

  DirectionChange compare(ActivationSite site, String beforeId, String afterId, int halvings) {
    int[] all = new int[before.count()];
    Arrays.setAll(all, i -> i);
    Estimate cosine =
        bootstrap
            .of(all.length, items -> cosine(direction(before, items), direction(after, items)))
            .estimate();
    SplittableRandom random = new SplittableRandom(bootstrap.seed());
    double firstWithin = 0;
    double secondWithin = 0;
    double across = 0;
    for (int h = 0; h < halvings; h++) {
      int[][] halves = halves(random);
      double[] first = direction(before, halves[0]);
      double[] second = direction(after, halves[1]);
      double[] third = direction(after, halves[0]);
      double[] fourth = direction(before, halves[1]);
      firstWithin += cosine(first, fourth) / halvings;
      secondWithin += cosine(third, second) / halvings;
      across += (cosine(first, second) + cosine(fourth, third)) / (2 * halvings);
    }
    double within =
        firstWithin > 0 && secondWithin > 0 ? Math.sqrt(firstWithin * secondWithin) : Double.NaN;
    String variant = "mean difference of positive and negative prompts";
    return new DirectionChange(
        Direction.raw(direction(before, all), site, beforeId, variant),
        Direction.raw(direction(after, all), site, afterId, variant),
        cosine,
        within,
        across);
  }

  private int[][] halves(SplittableRandom random) {
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    divide(0, positives, random, first, second);
    divide(positives, before.count(), random, first, second);
    return new int[][] {
      first.stream().mapToInt(i -> i).toArray(), second.stream().mapToInt(i -> i).toArray()
    };
  }

  private static void divide(
      int from, int to, SplittableRandom random, List<Integer> first, List<Integer> second) {
    int[] order = new int[to - from];
    Arrays.setAll(order, i -> from + i);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    for (int i = 0; i < order.length; i++) {
      (i < order.length / 2 ? first : second).add(order[i]);
    }
  }

  /** Mean of positive items minus mean of negative ones; NaN where a class has none. */
  private double[] direction(Rows rows, int[] items) {
    double[] sum = new double[rows.width()];
    double[] other = new double[rows.width()];
    double[] row = new double[rows.width()];
    int above = 0;
    for (int item : items) {
      rows.copyRow(item, row);
      double[] into = item < positives ? sum : other;
      above += item < positives ? 1 : 0;
      for (int j = 0; j < row.length; j++) {
        into[j] += row[j];
      }
    }
    for (int j = 0; j < sum.length; j++) {
      sum[j] = sum[j] / above - other[j] / (items.length - above);
    }
    return sum;
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      left += a[i] * a[i];
      right += b[i] * b[i];
    }
    return product / Math.sqrt(left * right);
  }
}
