package org.alignment4j.core.report;

import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Rows of cells under named columns: the same table goes into a {@link Report} and, through {@link
 * TextTable}, to the console.
 *
 * @param columns names of the columns
 * @param rows cells by row, each row as long as the columns
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record Table(List<String> columns, List<List<Cell>> rows) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no column or a row has another length
   */
  public Table {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("columns must not be empty");
    }
    List<List<Cell>> copies = new ArrayList<>();
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "row "
                + copies.size()
                + " must have "
                + columns.size()
                + " cells as there are columns but has "
                + row.size());
      }
      copies.add(List.copyOf(row));
    }
    rows = List.copyOf(copies);
  }

  /** Returns a table without rows. */
  public static Table of(String... columns) {
    return new Table(List.of(columns), List.of());
  }

  /**
   * Returns this table with one more row.
   *
   * @throws IllegalArgumentException if the number of cells is not that of the columns
   */
  public Table row(Cell... cells) {
    List<List<Cell>> longer = new ArrayList<>(rows);
    longer.add(List.of(cells));
    return new Table(columns, longer);
  }

  /** Whether a column holds figures, so that it is aligned to the right. */
  boolean numeric(int column) {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).numeric());
  }
}
