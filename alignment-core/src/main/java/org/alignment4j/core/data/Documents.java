package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.alignment4j.api.DataFormatException;
import org.apiguardian.api.API;

/**
 * Reads plain texts for language modelling and perplexity: the field {@code text} of every row, the
 * strings of a JSON list, or a {@code .txt} file as {@link DataFormat#TEXT} or {@link
 * DataFormat#TEXT_LINES}. Other fields are left aside; empty texts are faults of their row.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Documents {

  private Documents() {}

  /**
   * Reads all documents of a file, strictly.
   *
   * @throws DataFormatException if anything in the file breaks the format
   */
  public static Dataset<String> read(Path path) {
    return read(path, ReadOptions.strict());
  }

  /**
   * Reads all documents of a file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static Dataset<String> read(Path path, ReadOptions options) {
    return Dataset.read(path, options, Documents::text);
  }

  /**
   * Hands on the documents of a file one by one, without holding them.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static ReadReport forEach(
      Path path, ReadOptions options, Consumer<? super String> action) {
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(Documents::text, action);
      return rows.report();
    }
  }

  /**
   * Writes documents as JSON lines with {@code text}, which {@link #read} reads back as they are.
   * The file is replaced whole or not at all and is compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name does not end in {@code .jsonl} or {@code .ndjson},
   *     or a document would not read back as it is
   */
  public static long write(Path path, Iterable<String> documents) {
    return new CanonicalRows<String>(text -> Map.of(JsonValues.TEXT, text), Documents::text)
        .write(path, documents);
  }

  private static String text(Row row) {
    return row.text(JsonValues.TEXT);
  }
}
