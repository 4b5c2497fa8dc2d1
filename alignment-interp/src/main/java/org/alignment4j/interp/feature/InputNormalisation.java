package org.alignment4j.interp.feature;

import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/** How activations are scaled before they are encoded. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum InputNormalisation {
  /** Not at all. */
  NONE("none"),
  /**
   * By one number, {@code √d / mean ‖x‖}, in training; folded into the weights when training ends,
   * so that inference scales nothing.
   */
  EXPECTED_AVERAGE_ONLY_IN("expected_average_only_in"),
  /** Each row to norm {@code √d}; what is decoded is scaled back. */
  CONSTANT_NORM_RESCALE("constant_norm_rescale"),
  /**
   * Each row to mean 0 and standard deviation 1, the deviation with {@code d - 1} and 1e-5 added to
   * it; what is decoded is scaled back.
   */
  LAYER_NORM("layer_norm");

  private static final double EPSILON = 1e-5;

  private final String label;

  InputNormalisation(String label) {
    this.label = label;
  }

  /**
   * Returns the name that SAELens gives it.
   *
   * @return such as {@code layer_norm}
   */
  public String label() {
    return label;
  }

  /**
   * Returns the normalisation of a SAELens name.
   *
   * @param label the name
   * @return the normalisation
   * @throws IllegalArgumentException when there is none of that name
   */
  public static InputNormalisation of(String label) {
    for (InputNormalisation value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    List<String> names = Arrays.stream(values()).map(InputNormalisation::label).toList();
    throw new IllegalArgumentException(
        "normalisation must be one of " + names + " but was '" + label + "'");
  }

  /** Whether each row has a scale of its own. */
  boolean perRow() {
    return this == CONSTANT_NORM_RESCALE || this == LAYER_NORM;
  }

  /**
   * Normalises rows in place.
   *
   * @param rows {@code [n, d]} in row-major order
   * @param d length of a row
   * @return how to scale each row back; of no effect where rows are not scaled one by one
   */
  public RowScales normalise(float[] rows, int d) {
    int n = rows.length / d;
    float[] means = new float[n];
    float[] scales = new float[n];
    Arrays.fill(scales, 1);
    if (perRow()) {
      for (int row = 0; row < n; row++) {
        normalise(rows, row, d, means, scales);
      }
    }
    return new RowScales(means, scales);
  }

  private void normalise(float[] rows, int row, int d, float[] means, float[] scales) {
    int start = row * d;
    double mean = 0;
    if (this == LAYER_NORM) {
      for (int i = 0; i < d; i++) {
        mean += rows[start + i];
      }
      mean /= d;
    }
    double squares = 0;
    for (int i = 0; i < d; i++) {
      double centred = rows[start + i] - mean;
      squares += centred * centred;
    }
    double scale =
        this == LAYER_NORM ? Math.sqrt(squares / (d - 1)) + EPSILON : Math.sqrt(squares / d);
    if (scale == 0) {
      scale = 1; // A row of zeros has no direction: it stays as it is.
    }
    means[row] = (float) mean;
    scales[row] = (float) scale;
    for (int i = 0; i < d; i++) {
      rows[start + i] = (float) ((rows[start + i] - mean) / scale);
    }
  }
}
