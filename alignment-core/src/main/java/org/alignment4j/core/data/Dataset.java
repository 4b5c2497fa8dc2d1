package org.alignment4j.core.data;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.apiguardian.api.API;

/**
 * The examples of a file, as an unmodifiable list, with the report of how they were read.
 *
 * @param <T> type of the examples
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Dataset<T> extends AbstractList<T> implements RandomAccess {

  private final List<T> examples;
  private final ReadReport report;

  /** Creates a data set from examples and the report of their reading. */
  public Dataset(List<T> examples, ReadReport report) {
    this.examples = List.copyOf(examples);
    this.report = Objects.requireNonNull(report, "report");
  }

  /**
   * Reads a whole file into memory; {@link RowReader} streams.
   *
   * @param convert makes an example of a row; a {@link DataFormatException} or an {@link
   *     IllegalArgumentException} counts as a fault of the row
   * @throws DataFormatException if a row is broken and reading is strict, or the file is broken
   */
  public static <T> Dataset<T> read(Path path, ReadOptions options, Function<Row, T> convert) {
    List<T> examples = new ArrayList<>();
    try (RowReader rows = RowReader.open(path, options)) {
      rows.forEach(convert, examples::add);
      return new Dataset<>(examples, rows.report());
    }
  }

  /**
   * Reads data that lies in no file of its own, such as a resource beside a class.
   *
   * @param name what faults call it; its ending tells the format unless the options do
   * @param content the bytes; closed
   * @param convert makes an example of a row; a {@link DataFormatException} or an {@link
   *     IllegalArgumentException} counts as a fault of the row
   * @throws DataFormatException if a row is broken and reading is strict, or the data is broken
   */
  public static <T> Dataset<T> read(
      String name, InputStream content, ReadOptions options, Function<Row, T> convert) {
    List<T> examples = new ArrayList<>();
    try (RowReader rows = RowReader.open(name, content, options)) {
      rows.forEach(convert, examples::add);
      return new Dataset<>(examples, rows.report());
    }
  }

  /** How the examples were read: counts, skipped rows, the file's hash. */
  public ReadReport report() {
    return report;
  }

  @Override
  public T get(int index) {
    return examples.get(index);
  }

  @Override
  public int size() {
    return examples.size();
  }
}
