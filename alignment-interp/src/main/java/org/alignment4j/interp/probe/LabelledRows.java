package org.alignment4j.interp.probe;

import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.regression.BinaryLabels;
import org.apiguardian.api.API;

/**
 * Rows with the class and the group of each.
 *
 * @param rows {@code [n, d]}
 * @param labels the class of each row
 * @param groups the prompt or question of each row, any numbers: rows of one group are never split
 */
@SuppressWarnings("ArrayRecordComponent")
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LabelledRows(Rows rows, boolean[] labels, int[] groups) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if lengths differ or a class has no row
   */
  public LabelledRows {
    BinaryLabels.require(rows, labels);
    if (groups.length != labels.length) {
      throw new IllegalArgumentException(
          "every row must have a group but there are "
              + labels.length
              + " rows and "
              + groups.length
              + " groups");
    }
    labels = labels.clone();
    groups = groups.clone();
  }

  @Override
  public boolean[] labels() {
    return labels.clone();
  }

  @Override
  public int[] groups() {
    return groups.clone();
  }

  /**
   * Some of the rows, in the order given.
   *
   * @throws IllegalArgumentException if a class has none of them
   */
  public LabelledRows select(int... indices) {
    return new LabelledRows(rows.select(indices), pick(labels, indices), pick(groups, indices));
  }

  static boolean[] pick(boolean[] values, int[] indices) {
    boolean[] out = new boolean[indices.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[indices[i]];
    }
    return out;
  }

  static int[] pick(int[] values, int[] indices) {
    int[] out = new int[indices.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[indices[i]];
    }
    return out;
  }
}
