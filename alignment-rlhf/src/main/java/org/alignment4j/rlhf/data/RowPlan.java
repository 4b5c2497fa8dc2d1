package org.alignment4j.rlhf.data;

import org.apiguardian.api.API;

/**
 * How rows are filled and grouped.
 *
 * @param rowLength tokens of a row; longer than any example
 * @param rowsPerMicroBatch rows of one run of the graph
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RowPlan(int rowLength, int rowsPerMicroBatch) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is not positive
   */
  public RowPlan {
    if (rowLength < 1 || rowsPerMicroBatch < 1) {
      throw new IllegalArgumentException(
          "rowLength and rowsPerMicroBatch must be positive but were "
              + rowLength
              + " and "
              + rowsPerMicroBatch);
    }
  }
}
