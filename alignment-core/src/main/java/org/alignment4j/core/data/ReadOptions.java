package org.alignment4j.core.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How a data file is read. Immutable.
 *
 * @param strictness what happens to broken rows
 * @param limits bounds against hostile files
 * @param fieldNames names in the file by the names the format uses, such as {@code prompt →
 *     question}; names not listed stand for themselves; see {@link #withField}
 * @param format the file's format; empty to take it from the file's name
 * @param maxListed how many skipped rows a {@link ReadReport} lists; all are counted
 * @param columns names of the columns of a table that has no header row; empty where the first row
 *     is one; see {@link #withColumns}
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record ReadOptions(
    Strictness strictness,
    DataLimits limits,
    Map<String, String> fieldNames,
    Optional<DataFormat> format,
    int maxListed,
    List<String> columns) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if {@code maxListed} is negative, two names map to one field,
   *     or two columns have one name
   */
  public ReadOptions {
    Objects.requireNonNull(strictness, "strictness");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(format, "format");
    fieldNames = Map.copyOf(fieldNames);
    columns = List.copyOf(columns);
    if (columns.stream().distinct().count() < columns.size()) {
      throw new IllegalArgumentException("columns must have names that differ but were " + columns);
    }
    if (maxListed < 0) {
      throw new IllegalArgumentException("maxListed must not be negative but was " + maxListed);
    }
    if (fieldNames.entrySet().stream()
            .map(entry -> List.of(scope(entry.getKey()), entry.getValue()))
            .distinct()
            .count()
        < fieldNames.size()) {
      throw new IllegalArgumentException(
          "fieldNames must map each name to a field of its own but was " + fieldNames);
    }
  }

  /** Every broken row is an error. */
  public static ReadOptions strict() {
    return new ReadOptions(
        Strictness.STRICT, DataLimits.DEFAULT, Map.of(), Optional.empty(), 100, List.of());
  }

  /** Broken rows are left out, counted and listed. */
  public static ReadOptions tolerant() {
    return new ReadOptions(
        Strictness.TOLERANT, DataLimits.DEFAULT, Map.of(), Optional.empty(), 100, List.of());
  }

  /** Returns these options with other bounds. */
  public ReadOptions withLimits(DataLimits bounds) {
    return new ReadOptions(strictness, bounds, fieldNames, format, maxListed, columns);
  }

  /** Returns these options with the file's format stated instead of taken from its name. */
  public ReadOptions withFormat(DataFormat stated) {
    return new ReadOptions(strictness, limits, fieldNames, Optional.of(stated), maxListed, columns);
  }

  /**
   * Returns these options for a table without a header row.
   *
   * @param names the columns' names, in order; none where the first row is a header
   * @throws IllegalArgumentException if a name occurs twice
   */
  public ReadOptions withColumns(String... names) {
    return new ReadOptions(strictness, limits, fieldNames, format, maxListed, List.of(names));
  }

  /** Returns these options with another number of listed rows. */
  public ReadOptions withMaxListed(int rows) {
    return new ReadOptions(strictness, limits, fieldNames, format, rows, columns);
  }

  /**
   * Returns these options with one more field mapped.
   *
   * <p>A field of the objects in a list or of a nested object is named by both names: {@code
   * withField("responses.text", "answer")}. A dot in the name in the file leads into a nested
   * object, unless the file has a field of that very name: {@code withField("prompt",
   * "question.text")}.
   *
   * @param name the name the format uses, such as {@code prompt}
   * @param fieldInFile the name it has in the file
   */
  public ReadOptions withField(String name, String fieldInFile) {
    Map<String, String> names = new LinkedHashMap<>(fieldNames);
    names.put(name, fieldInFile);
    return new ReadOptions(strictness, limits, names, format, maxListed, columns);
  }

  /** The name in the file of a field whose place the format's names give, such as {@code a.b}. */
  String fieldInFile(String scope, String name) {
    return fieldNames.getOrDefault(scope.isEmpty() ? name : scope + "." + name, name);
  }

  private static String scope(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }
}
