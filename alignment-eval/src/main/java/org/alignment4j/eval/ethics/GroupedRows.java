package org.alignment4j.eval.ethics;

import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;

/** Numbers the groups of rows that follow each other in a file. Used for one reading. */
final class GroupedRows {

  private final EthicsSubset subset;
  private long rows;
  private String shared = "";

  GroupedRows(EthicsSubset subset) {
    this.subset = subset;
  }

  Sample sample(Row row) {
    String own = subset.shared(row);
    if (rows % subset.group == 0) {
      shared = own;
    } else if (!own.equals(shared)) {
      throw row.fault(
          "scenario",
          "rows must come in groups of "
              + subset.group
              + " about one scenario but row "
              + (rows % subset.group + 1)
              + " of a group begins another one ('"
              + own
              + "'); keep all rows of the file in their order");
    }
    Sample sample = subset.sample(row, "group " + (rows / subset.group + 1));
    rows++;
    return sample;
  }

  /** Refuses a file that ends within a group. */
  void requireWhole(ReadReport report) {
    if (rows % subset.group != 0) {
      throw new DataFormatException(
          report.file(),
          0,
          null,
          subset.subset
              + " must have rows in groups of "
              + subset.group
              + " but has "
              + rows
              + ", which leaves "
              + rows % subset.group
              + " over; see that the file is whole");
    }
  }
}
