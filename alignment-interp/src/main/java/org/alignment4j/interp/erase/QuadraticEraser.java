package org.alignment4j.interp.erase;

import java.util.List;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/**
 * {@code r_k(x) = mean + T_k·(x − mean_k)} for a row of class k, {@code T_k} symmetric: classes
 * with one mean and covariance. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QuadraticEraser {

  private final List<double[][]> maps;
  private final List<double[]> means;
  private final double[] mean;

  QuadraticEraser(List<double[][]> maps, List<double[]> means, double[] mean) {
    this.maps = List.copyOf(maps);
    this.means = List.copyOf(means);
    this.mean = mean;
  }

  /** Numbers in a row. */
  public int width() {
    return mean.length;
  }

  /** Number of classes. */
  public int classes() {
    return maps.size();
  }

  /**
   * Erases rows.
   *
   * @param x {@code [n, d]}
   * @param labels the class of each row
   * @throws IllegalArgumentException if the width is another, or a class is missing or outside
   */
  public Rows erase(Rows x, int[] labels) {
    x.requireWidth(width());
    QuadraticLeaceFitter.requireClasses(x.count(), labels, classes());
    float[] out = new float[x.count() * width()];
    double[] row = new double[width()];
    for (int i = 0; i < labels.length; i++) {
      x.copyRow(i, row);
      double[][] map = maps.get(labels[i]);
      double[] own = means.get(labels[i]);
      for (int j = 0; j < row.length; j++) {
        double sum = mean[j];
        for (int c = 0; c < row.length; c++) {
          sum += map[j][c] * (row[c] - own[c]);
        }
        out[i * row.length + j] = (float) sum;
      }
    }
    return Rows.of(width(), out);
  }

  /**
   * Erases within a model that is known to read one class, as part of its graph.
   *
   * @param label the class
   * @param points whose last axis has this eraser's width
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @throws IllegalArgumentException if there is no such class, or two selectors name one axis; a
   *     model says when the width does not fit
   */
  @SafeVarargs
  public final <A extends Axes.Components> Intervention<A> at(
      int label, HookPointSet<A> points, Selector<? super A>... where) {
    if (label < 0 || label >= classes()) {
      throw new IllegalArgumentException(
          "class must be in [0, " + (classes() - 1) + "] but was " + label);
    }
    int d = width();
    double[][] map = maps.get(label);
    double[] own = means.get(label);
    float[] weight = new float[d * d];
    float[] offset = new float[d];
    for (int j = 0; j < d; j++) {
      double moved = mean[j];
      for (int c = 0; c < d; c++) {
        weight[c * d + j] = (float) map[j][c];
        moved -= map[j][c] * own[c];
      }
      offset[j] = (float) moved;
    }
    return Edits.affine(points, Values.of(new int[] {d, d}, weight), Values.vector(offset), where);
  }

  @Override
  public String toString() {
    return "QuadraticEraser[width " + width() + ", " + classes() + " classes]";
  }
}
