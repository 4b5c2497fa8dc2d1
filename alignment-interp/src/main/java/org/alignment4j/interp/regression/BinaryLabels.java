package org.alignment4j.interp.regression;

import org.alignment4j.interp.activation.Rows;
import org.apiguardian.api.API;

/** Rules of labels of two classes. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BinaryLabels {

  private BinaryLabels() {}

  /**
   * Checks that every row has a label and both classes occur.
   *
   * @throws IllegalArgumentException if not
   */
  public static void require(Rows x, boolean[] positive) {
    if (x.count() != positive.length) {
      throw new IllegalArgumentException(
          "every row must have a label but there are "
              + x.count()
              + " rows and "
              + positive.length
              + " labels");
    }
    int count = positives(positive);
    if (count == 0 || count == positive.length) {
      throw new IllegalArgumentException(
          "both classes must have at least one row but "
              + count
              + " of "
              + positive.length
              + " are positive; add examples of the other class");
    }
  }

  /** How many labels are true. */
  public static int positives(boolean[] labels) {
    int count = 0;
    for (boolean label : labels) {
      count += label ? 1 : 0;
    }
    return count;
  }
}
