package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.files.AtomicFiles;

/**
 * Writes examples as JSON lines that read back as they are. What the readers would refuse or change
 * is not written.
 *
 * @param <T> type of the examples
 */
final class CanonicalRows<T> {

  private final Function<T, Map<String, Object>> toFields;
  private final Function<Row, T> parser;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * Creates a writer of one file.
   *
   * @param toFields the row of an example
   * @param parser the reader's understanding of a row, fresh for this file
   */
  CanonicalRows(Function<T, Map<String, Object>> toFields, Function<Row, T> parser) {
    this.toFields = toFields;
    this.parser = parser;
  }

  /**
   * Replaces a file, compressed when its name ends in {@code .gz}.
   *
   * @return the number of rows written
   * @throws IllegalArgumentException if the name states another format or an example would not read
   *     back as it is; the file is then as it was
   */
  long write(Path path, Iterable<? extends T> examples) {
    if (DataFormat.of(path) != DataFormat.JSONL) {
      throw new IllegalArgumentException(
          "the file name must end in .jsonl, .ndjson or either with .gz but was " + path);
    }
    long[] rows = new long[1];
    AtomicFiles.write(path, channel -> rows[0] = writeTo(channel, path, examples));
    return rows[0];
  }

  private long writeTo(WritableByteChannel channel, Path path, Iterable<? extends T> examples)
      throws IOException {
    boolean compressed = path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    GZIPOutputStream gzip = compressed ? new GZIPOutputStream(out, 1 << 14) : null;
    OutputStream target = gzip == null ? out : gzip;
    long rows = 0;
    for (T example : examples) {
      rows++;
      target.write(line(path, rows, example).getBytes(UTF_8));
    }
    if (gzip != null) {
      // Not closed: the channel is still to be forced to disk.
      gzip.finish();
    }
    out.flush();
    return rows;
  }

  private String line(Path path, long number, T example) throws IOException {
    Map<String, Object> fields;
    T back;
    String line;
    try {
      fields = toFields.apply(example);
      requireUnicode("", fields);
      line = json.writeValueAsString(fields);
      back = parser.apply(row(path, number, line));
    } catch (DataFormatException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "example " + number + " cannot be written to " + path + ": " + e.getMessage(), e);
    }
    if (!back.equals(example)) {
      throw new IllegalArgumentException(
          "example "
              + number
              + " cannot be written to "
              + path
              + " so that it reads back as it is: it would become "
              + RowException.shown(String.valueOf(back)));
    }
    return line + "\n";
  }

  private static Row row(Path path, long number, String line) throws IOException {
    try (JsonParser parser = JsonValues.factory(DataLimits.DEFAULT).createParser(line)) {
      parser.nextToken();
      Map<String, ?> values = JsonValues.row(JsonValues.read(parser));
      if (values == null) {
        throw new IllegalStateException("a row to write must be an object but was " + line);
      }
      return new Row(path.toString(), number, Map.copyOf(values), ReadOptions.strict());
    }
  }

  private static void requireUnicode(String place, Object value) {
    if (value instanceof String text) {
      int index = JsonValues.loneSurrogate(text);
      if (index >= 0) {
        throw new IllegalArgumentException(
            "field '"
                + place
                + "' must be Unicode text but has half of a surrogate pair at index "
                + index);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, inner) -> requireUnicode(place.isEmpty() ? "" + name : place, inner));
    } else if (value instanceof List<?> list) {
      list.stream()
          .filter(element -> element != null)
          .forEach(element -> requireUnicode(place, element));
    }
  }
}
