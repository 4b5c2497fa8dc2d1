package org.alignment4j.core.data;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a data file: a row, a field of it, or an element of a list. Complaints are made where
 * they belong.
 *
 * @param file the file as the user named it
 * @param line the line the row starts on, counted from 1
 * @param path the names that lead here from the row, those of the file, with indices; null for the
 *     row itself
 * @param scope the same names as the format has them, without indices
 * @param options which say how the file names its fields
 * @param lines the line of each of the row's own fields, where the row goes over several lines
 */
record RowPlace(
    String file,
    long line,
    @Nullable String path,
    String scope,
    ReadOptions options,
    Map<String, Long> lines) {

  /** The place of a whole row. */
  static RowPlace of(String file, long line, ReadOptions options) {
    return new RowPlace(file, line, null, "", options, Map.of());
  }

  /** The name that a field of this place has in the file. */
  String nameInFile(String name) {
    return options.fieldInFile(scope, name);
  }

  /** The place of a field. */
  RowPlace of(String name) {
    String inFile = nameInFile(name);
    return new RowPlace(
        file,
        path == null ? lines.getOrDefault(inFile, line) : line,
        path == null ? inFile : path + "." + inFile,
        scope.isEmpty() ? name : scope + "." + name,
        options,
        lines);
  }

  /** The place of an element of a field that is a list. */
  RowPlace of(String name, int index) {
    RowPlace list = of(name);
    return new RowPlace(file, list.line, list.path + "[" + index + "]", list.scope, options, lines);
  }

  RowException fault(Fault fault, String problem) {
    return new RowException(file, line, path, fault, problem);
  }

  RowException wrongType(String expected, @Nullable Object value) {
    return fault(
        Fault.WRONG_TYPE,
        "value must be " + expected + " but was " + RowException.shown(String.valueOf(value)));
  }
}
