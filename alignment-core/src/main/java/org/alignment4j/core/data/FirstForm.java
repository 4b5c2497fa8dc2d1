package org.alignment4j.core.data;

import org.jspecify.annotations.Nullable;

/** The form of the first row of a file, which every other row must share. */
final class FirstForm {

  private @Nullable String first;

  /**
   * Remembers or compares the form of a row.
   *
   * @param found the form, in words that follow "the form of the first,"
   * @throws RowException if it is not that of the first row
   */
  void require(Row row, String found) {
    if (first == null) {
      first = found;
    }
    if (!found.equals(first)) {
      throw row.fault(
          Fault.MIXED_FORMS,
          "every row must have the form of the first, "
              + first
              + ", but this one has "
              + found
              + "; split the file");
    }
  }
}
