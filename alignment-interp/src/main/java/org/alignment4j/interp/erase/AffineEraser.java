package org.alignment4j.interp.erase;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selector;
import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
   * Erases within a model. The map is a Java function, for which each run leaves its graph, one
   * pass for each hook point; its name is a hash of its numbers, so that a model with it has the
   * same id whenever it is built.
   *
   * @param points whose last axis has this eraser's width
   * @param where selectors that all hold; none for everywhere
   * @param <A> the axes of the hook points
   * @throws IllegalArgumentException if two selectors name one axis; a run says when the width does
   *     not fit
   */
  @SafeVarargs
  public final <A extends Axes.Components> Intervention<A> at(
      HookPointSet<A> points, Selector<? super A>... where) {
    return Edits.apply(points, function(), where);
  }

  private ActivationFunction function() {
    return ActivationFunction.named(
        "affine erasure " + contentHash(),
        (value, call) -> {
          long[] shape = value.shape();
          if (shape[shape.length - 1] != width) {
            throw new IllegalArgumentException(
                "an eraser of width "
                    + width
                    + " needs a hook point of that width but "
                    + call.point()
                    + " has "
                    + shape[shape.length - 1]);
          }
          INDArray erased = Nd4j.createFromArray(erased(value.dup('c').data().asFloat()));
          return erased.reshape('c', shape);
        });
  }

  private String contentHash() {
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putInt(width).putInt(right.length);
    for (int j = 0; j < width; j++) {
      hasher.putDouble(mean[j]);
      for (int r = 0; r < right.length; r++) {
        hasher.putDouble(left[j][r]).putDouble(right[r][j]);
      }
    }
    return hasher.hash().toString();
  }

  @Override
  public String toString() {
    return "AffineEraser[width " + width + ", rank " + rank() + "]";
  }
}
