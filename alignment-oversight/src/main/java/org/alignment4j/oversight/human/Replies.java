package org.alignment4j.oversight.human;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.DataFormat;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.data.RowReader;

/**
 * The rows of a file of people at one moment.
 *
 * @param byId the first row of each id
 * @param unfinished what is wrong with a last line that has no end yet; empty when it can be read
 */
record Replies(Map<String, Row> byId, Optional<DataFormatException> unfinished) {

  /**
   * Reads a file that others may be writing; one that is not there has no rows.
   *
   * @throws DataFormatException if a line that has an end cannot be read
   * @throws AlignmentException if the disk fails
   */
  static Replies read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new Replies(Map.of(), Optional.empty());
    } catch (IOException e) {
      throw new AlignmentException("cannot read " + file + ": " + e, e);
    }
    Map<String, Row> rows = new HashMap<>();
    ReadOptions options = ReadOptions.strict().withFormat(DataFormat.JSONL);
    try (RowReader reader =
        RowReader.open(file.toString(), new ByteArrayInputStream(bytes), options)) {
      reader.forEach(row -> row, row -> rows.putIfAbsent(row.string("id"), row));
      return new Replies(rows, Optional.empty());
    } catch (DataFormatException e) {
      if (e.line().orElse(0) <= ended(bytes)) {
        throw e;
      }
      return new Replies(rows, Optional.of(e));
    }
  }

  /** How many lines have an end. */
  private static long ended(byte[] bytes) {
    long lines = 0;
    for (byte unit : bytes) {
      lines += unit == '\n' ? 1 : 0;
    }
    return lines;
  }
}
