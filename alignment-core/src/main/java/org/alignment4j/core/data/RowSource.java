package org.alignment4j.core.data;

import java.io.IOException;
import org.alignment4j.api.DataFormatException;
import org.jspecify.annotations.Nullable;

/** Rows of one file in order. */
interface RowSource {

  /**
   * Returns the next row, or null at the end.
   *
   * @throws RowException if one row is broken and the next call can go on after it
   * @throws DataFormatException of any other class if the rest of the file cannot be read
   */
  @Nullable Row next() throws IOException;
}
