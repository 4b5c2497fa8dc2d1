package org.alignment4j.interp.erase;

import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/**
 * {@code r(x) = x − left·right·(x − mean)}: removes a concept from activations. Immutable and
 * thread-safe. Where nothing was to be removed, the rank is 0 and every row stays as it is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AffineEraser {

  private final int width;
  private final double[][] left;
  private final double[][] right;
  private final double[] mean;

  AffineEraser(int width, double[][] left, double[][] right, double[] mean) {
    this.width = width;
    this.left = left;
    this.right = right;
    this.mean = mean;
  }

  /** Numbers in a row. */
  public int width() {
    return width;
  }

  /** Number of dimensions that are removed. */
  public int rank() {
    return right.length;
  }

  /** A copy of the left factor, {@code [d][rank]}. */
  public double[][] left() {
    return copy(left);
  }

  /** A copy of the right factor, {@code [rank][d]}. */
  public double[][] right() {
    return copy(right);
  }

  /** A copy of the mean that stays, {@code [d]}; 0 for a linear eraser. */
  public double[] mean() {
    return mean.clone();
  }

  private static double[][] copy(double[][] matrix) {
    double[][] copy = new double[matrix.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = matrix[i].clone();
    }
    return copy;
  }

  /**
   * Erases one row.
   *
   * @param x as long as the width; not changed
   * @return a new array
   * @throws IllegalArgumentException if its length is another
   */
  public double[] erase(double[] x) {
    if (x.length != width) {
      throw new IllegalArgumentException(
          "rows must have the width " + width + " but have " + x.length);
    }
    double[] out = x.clone();
    for (int r = 0; r < right.length; r++) {
      double removed = 0;
      for (int j = 0; j < width; j++) {
        removed += right[r][j] * (x[j] - mean[j]);
      }
      for (int j = 0; j < width; j++) {
        out[j] -= left[j][r] * removed;
      }
    }
    return out;
  }

  /**
   * Erases rows.
   *
   * @throws IllegalArgumentException if their width is another
   */
  public Rows erase(Rows rows) {
    rows.requireWidth(width);
    return Rows.of(width, erased(rows.toArray()));
  }

  /** Erases consecutive rows in place. */
  private float[] erased(float[] data) {
    double[] row = new double[width];
    for (int at = 0; at < data.length; at += width) {
      for (int j = 0; j < width; j++) {
        row[j] = data[at + j];
      }
      double[] out = erase(row);
      for (int j = 0; j < width; j++) {
        data[at + j] = (float) out[j];
      }
    }
    return data;
  }

  /**
   * Erases within a model, as part of its graph: gradients pass through, and the model's id depends
   * on the numbers alone.
   *
   * @param points whose last axis has this eraser's width
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @throws IllegalArgumentException if two selectors name one axis; a model says when the width
   *     does not fit
   */
  @SafeVarargs
  public final <A extends Axes.Components> Intervention<A> at(
      HookPointSet<A> points, Selector<? super A>... where) {
    if (rank() == 0) {
      return Edits.scale(points, 1, where);
    }
    float[] center = new float[width];
    float[] down = new float[width * rank()];
    float[] up = new float[width * rank()];
    for (int j = 0; j < width; j++) {
      center[j] = (float) mean[j];
      for (int r = 0; r < rank(); r++) {
        down[j * rank() + r] = (float) -right[r][j];
        up[r * width + j] = (float) left[j][r];
      }
    }
    return Edits.lowRank(
        points,
        Values.vector(center),
        Values.of(new int[] {width, rank()}, down),
        Values.of(new int[] {rank(), width}, up),
        where);
  }

  @Override
  public String toString() {
    return "AffineEraser[width " + width + ", rank " + rank() + "]";
  }
}
