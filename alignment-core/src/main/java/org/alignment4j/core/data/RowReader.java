package org.alignment4j.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reads a data file row by row, holding one row at a time.
 *
 * <pre>{@code
 * try (RowReader rows = RowReader.open(path, ReadOptions.tolerant())) {
 *   rows.forEach(row -> new Question(row.text("question"), row.strings("choices")), questions::add);
 *   System.err.println(rows.report().summary());
 * }
 * }</pre>
 *
 * <p>Faults of one row obey {@link ReadOptions#strictness()}. Faults after which the rest cannot be
 * told apart (a cut gzip file, an open quote, broken JSON in a list) are errors in both modes. Not
 * thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class RowReader implements AutoCloseable {

  private final String file;
  private final ReadOptions options;
  private final DataInput input;
  private final RowSource source;
  private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final List<SkippedRow> skipped = new ArrayList<>();
  private long rows;
  private @Nullable String sha256;

  private RowReader(String file, ReadOptions options, DataInput input, RowSource source) {
    this.file = file;
    this.options = options;
    this.input = input;
    this.source = source;
  }

  /**
   * Opens a file; whether it is gzip is told by its content.
   *
   * @throws DataFormatException if the file is missing, unreadable or not UTF-8
   * @throws IllegalArgumentException if neither options nor name state the format
   */
  public static RowReader open(Path path, ReadOptions options) {
    DataFormat format = options.format().orElseGet(() -> DataFormat.of(path));
    String file = path.toString();
    return open(path, options, input -> source(file, format, input, options));
  }

  /**
   * Opens data that lies in no file of its own, such as a resource beside a class; whether it is
   * gzip is told by its content.
   *
   * @param name what faults call it; its ending tells the format unless the options do
   * @param content the bytes, closed with the reader
   * @throws DataFormatException if it is unreadable or not UTF-8
   * @throws IllegalArgumentException if neither options nor name state the format
   */
  public static RowReader open(String name, InputStream content, ReadOptions options) {
    DataFormat format = options.format().orElseGet(() -> DataFormat.of(Path.of(name)));
    try {
      DataInput input = DataInput.open(name, content, options.limits());
      return new RowReader(name, options, input, source(name, format, input, options));
    } catch (IOException e) {
      throw unreadable(name, 0, e);
    }
  }

  /**
   * Opens one list of objects of a file that is one JSON object; whether it is gzip is told by its
   * content. The rest of the file is passed over.
   *
   * @param list the names that lead to the list, joined by dots, such as {@code data.items}
   * @throws DataFormatException if the file is missing, unreadable or not UTF-8; the list's absence
   *     is told when the first row is read
   */
  public static RowReader openList(Path path, String list, ReadOptions options) {
    return open(path, options, input -> list(path, list, input, options));
  }

  /**
   * Returns whether a file is one JSON object with a list of this name, for loaders of formats that
   * have several forms.
   *
   * @param list the names that lead to the list, joined by dots
   * @throws DataFormatException if the file is missing, unreadable, not UTF-8 or not JSON up to the
   *     list
   */
  public static boolean holdsList(Path path, String list, ReadOptions options) {
    String file = path.toString();
    try (DataInput input = DataInput.open(path, options.limits())) {
      return list(path, list, input, options).holdsList();
    } catch (NoSuchFileException e) {
      throw missing(file, e);
    } catch (IOException e) {
      throw unreadable(file, 0, e);
    }
  }

  private static JsonArraySource list(Path path, String list, DataInput input, ReadOptions options)
      throws IOException {
    List<String> names = List.of(list.split("\\.", -1));
    return new JsonArraySource(path.toString(), input.text(), names, options);
  }

  /** Makes the source of an opened file. */
  @FunctionalInterface
  private interface SourceFactory {
    RowSource of(DataInput input) throws IOException;
  }

  private static RowReader open(Path path, ReadOptions options, SourceFactory source) {
    String file = path.toString();
    try {
      DataInput input = DataInput.open(path, options.limits());
      try {
        return new RowReader(file, options, input, source.of(input));
      } catch (IOException | RuntimeException e) {
        input.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw missing(file, e);
    } catch (IOException e) {
      throw unreadable(file, 0, e);
    }
  }

  /**
   * Hands every row on as {@code convert} understands it. A {@link DataFormatException} or an
   * {@link IllegalArgumentException} of {@code convert} counts as a fault of its row.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public <T> void forEach(Function<Row, T> convert, Consumer<? super T> action) {
    T value;
    while ((value = next(convert)) != null) {
      action.accept(value);
    }
  }

  /**
   * Returns the next row as {@code convert} understands it, or null at the end of the file.
   *
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public <T> @Nullable T next(Function<Row, T> convert) {
    while (true) {
      Row row;
      try {
        row = source.next();
      } catch (RowException e) {
        rows++;
        refuse(e, e.fault());
        continue;
      } catch (IOException e) {
        throw unreadable(file, 0, e);
      }
      if (row == null) {
        return end();
      }
      rows++;
      try {
        return convert.apply(row);
      } catch (RowException e) {
        refuse(e, e.fault());
      } catch (DataFormatException e) {
        refuse(e, Fault.INVALID);
      } catch (IllegalArgumentException e) {
        refuse(
            new DataFormatException(file, row.line(), null, String.valueOf(e.getMessage()), e),
            Fault.INVALID);
      }
    }
  }

  /** What reading came to so far; complete once the end was reached. */
  public ReadReport report() {
    return new ReadReport(file, Optional.ofNullable(sha256), rows, faults, skipped);
  }

  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException e) {
      throw unreadable(file, 0, e);
    }
  }

  private void refuse(DataFormatException e, Fault fault) {
    if (options.strictness() == Strictness.STRICT) {
      throw e instanceof RowException row ? row.traced() : e;
    }
    faults.merge(fault, 1L, Long::sum);
    if (skipped.size() < options.maxListed()) {
      skipped.add(new SkippedRow(file, e.line().orElse(0), e.field(), fault, e.problem()));
    }
  }

  private <T> @Nullable T end() {
    if (sha256 == null) {
      try {
        sha256 = input.sha256Hex();
      } catch (IOException e) {
        throw unreadable(file, 0, e);
      }
    }
    return null;
  }

  private static RowSource source(
      String file, DataFormat format, DataInput input, ReadOptions options) throws IOException {
    return switch (format) {
      case JSONL -> new JsonLinesSource(file, input.bytes(), false, options);
      case JSON -> jsonSource(file, input, options);
      case CSV -> new CsvSource(file, input.text(), ',', options);
      case TSV -> new CsvSource(file, input.text(), '\t', options);
      case TEXT -> new TextSource(file, input.text(), false, options);
      case TEXT_LINES -> new TextSource(file, input.text(), true, options);
    };
  }

  private static RowSource jsonSource(String file, DataInput input, ReadOptions options)
      throws IOException {
    int first = input.firstByte();
    if (first < 0) {
      throw new DataFormatException(
          file, 0, null, "a .json file must hold a list of objects but is empty");
    }
    return first == '['
        ? new JsonArraySource(file, input.text(), List.of(), options)
        : new JsonLinesSource(file, input.bytes(), true, options);
  }

  private static DataFormatException missing(String file, IOException e) {
    return new DataFormatException(file, 0, null, "the file must exist but does not", e);
  }

  private static DataFormatException unreadable(String file, long line, IOException e) {
    return new DataFormatException(file, line, null, "cannot read the file: " + e.getMessage(), e);
  }
}
