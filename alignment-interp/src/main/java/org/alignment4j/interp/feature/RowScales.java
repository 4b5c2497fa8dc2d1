package org.alignment4j.interp.feature;

import org.apiguardian.api.API;

/**
 * What normalised rows were divided by and what was taken from them: {@code x = y · scale + mean}.
 * The arrays are shared, not copied.
 *
 * @param means one a row
 * @param scales one a row, positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RowScales(float[] means, float[] scales) {

  /**
   * Scales rows back in place.
   *
   * @param rows {@code [n, d]} in row-major order
   * @param d length of a row
   */
  public void restore(float[] rows, int d) {
    for (int row = 0; row < scales.length; row++) {
      for (int i = row * d; i < (row + 1) * d; i++) {
        rows[i] = rows[i] * scales[row] + means[row];
      }
    }
  }
}
