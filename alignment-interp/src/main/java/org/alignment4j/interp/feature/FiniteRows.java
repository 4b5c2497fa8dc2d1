package org.alignment4j.interp.feature;

import org.apiguardian.api.API;

/** Refuses numbers that are not finite before they spoil everything computed of them. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FiniteRows {
  private FiniteRows() {}

  /**
   * Checks rows.
   *
   * @param data {@code [n, size]} in row-major order
   * @param size length of a row
   * @param name what they are, for the message
   * @throws IllegalArgumentException naming the first place that is not finite
   */
  public static void require(float[] data, int size, String name) {
    for (int i = 0; i < data.length; i++) {
      if (!Float.isFinite(data[i])) {
        throw new IllegalArgumentException(
            name
                + " must be finite but the value at row "
                + i / size
                + ", column "
                + i % size
                + " was "
                + data[i]
                + "; look for an overflow in the model or in the file they come from");
      }
    }
  }
}
