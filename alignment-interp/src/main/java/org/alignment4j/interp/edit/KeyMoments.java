package org.alignment4j.interp.edit;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The second moment {@code C = E[k k^T]}, uncentred, of a layer's MLP keys over a corpus (Meng et
 * al. 2022, equation 2), {@code [dMlp, dMlp]} in double. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class KeyMoments {

  private final String modelId;
  private final int layer;
  private final int width;
  private final long count;
  private final double[] sums;

  /**
   * Moments of sums.
   *
   * @param sums {@code sum of k k^T}, row major; taken as they are, not copied
   */
  KeyMoments(String modelId, int layer, int width, long count, double[] sums) {
    this.modelId = Objects.requireNonNull(modelId, "modelId");
    this.layer = layer;
    this.width = width;
    this.count = count;
    this.sums = sums;
    if (layer < 0 || width < 1 || count < 0 || sums.length != (long) width * width) {
      throw new IllegalArgumentException(
          "layer and count must not be negative, width positive and sums width * width but they"
              + " were "
              + layer
              + ", "
              + count
              + ", "
              + width
              + " and "
              + sums.length
              + " numbers");
    }
  }

  /** Returns the id of the model whose keys these are. */
  public String modelId() {
    return modelId;
  }

  /** Returns the layer, from 0. */
  public int layer() {
    return layer;
  }

  /** Returns the width of a key, {@code dMlp}. */
  public int width() {
    return width;
  }

  /** Returns the number of keys, one for each token of the corpus. */
  public long count() {
    return count;
  }

  /**
   * An entry of {@code C}.
   *
   * @param i row
   * @param j column
   * @return {@code E[k_i k_j]}
   * @throws IndexOutOfBoundsException when one is outside
   * @throws IllegalStateException when no key was counted
   */
  public double moment(int i, int j) {
    Objects.checkIndex(i, width);
    Objects.checkIndex(j, width);
    if (count == 0) {
      throw new IllegalStateException("a moment needs at least one key but none was counted");
    }
    return sums[i * width + j] / count;
  }

  /** Returns the sums themselves: {@code count * C}, row major; not to be changed. */
  double[] sums() {
    return sums;
  }

  /**
   * The moments of two parts of a corpus together.
   *
   * @param other of the same model and layer
   * @return the moments of both
   * @throws IllegalArgumentException when model, layer or width differ
   */
  public KeyMoments merge(KeyMoments other) {
    if (!modelId.equals(other.modelId) || layer != other.layer || width != other.width) {
      throw new IllegalArgumentException(
          "moments must be of the same model, layer and width to be merged but are of "
              + this
              + " and "
              + other);
    }
    double[] both = sums.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] += other.sums[i];
    }
    return new KeyMoments(modelId, layer, width, count + other.count, both);
  }

  @Override
  public String toString() {
    return "KeyMoments[model "
        + modelId
        + ", layer "
        + layer
        + ", width "
        + width
        + ", "
        + count
        + " keys]";
  }
}
