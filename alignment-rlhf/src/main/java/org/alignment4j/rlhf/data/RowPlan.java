package org.alignment4j.rlhf.data;

import org.apiguardian.api.API;

/**
 * How rows are filled and grouped.
 *
 * @param rowLength tokens of a row; longer than any example
 * @param rowsPerMicroBatch rows of one run of the graph
 * @param sharedLength tokens, prompt included, up to which a sequence may share a copy of its
 *     prompt with others; positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RowPlan(int rowLength, int rowsPerMicroBatch, int sharedLength) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is not positive
   */
  public RowPlan {
    if (rowLength < 1 || rowsPerMicroBatch < 1 || sharedLength < 1) {
      throw new IllegalArgumentException(
          "rowLength, rowsPerMicroBatch and sharedLength must be positive but were %s, %s and %s"
              .formatted(rowLength, rowsPerMicroBatch, sharedLength));
    }
  }

  /**
   * A plan by which sequences of any length share prompts.
   *
   * @throws IllegalArgumentException when a value is not positive
   */
  public RowPlan(int rowLength, int rowsPerMicroBatch) {
    this(rowLength, rowsPerMicroBatch, Integer.MAX_VALUE);
  }

  /**
   * Returns this plan with another bound on what shares prompts.
   *
   * @param tokens of a sequence, prompt included; positive
   * @return the plan
   */
  public RowPlan sharingUpTo(int tokens) {
    return new RowPlan(rowLength, rowsPerMicroBatch, tokens);
  }
}
