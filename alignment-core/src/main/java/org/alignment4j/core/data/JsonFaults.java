package org.alignment4j.core.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with broken JSON, and tells a doubled name from the rest. */
final class JsonFaults {

  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate (?:field|Object property) [\"'](.*)[\"']", Pattern.DOTALL);

  /** How the parser names a place: a source, which it withholds, a line and a column. */
  private static final Pattern PLACE =
      Pattern.compile(
          "[\\[(]?source: .*?; line: (\\d+), column: (\\d+)[\\])]?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private JsonFaults() {}

  static RowException syntax(String file, long line, JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage());
    Matcher duplicate = DUPLICATE.matcher(message);
    if (duplicate.find()) {
      return new RowException(
          file,
          line,
          duplicate.group(1),
          Fault.DUPLICATE_KEY,
          "a name must occur once in an object but occurs twice");
    }
    int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
    int parsedLine = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    return new RowException(
        file,
        line,
        null,
        Fault.SYNTAX,
        "not valid JSON at column " + column + ": " + plain(message, parsedLine));
  }

  /** The parser's message; a further place in it is a column, and a line where that is another. */
  private static String plain(String message, int line) {
    return PLACE
        .matcher(message)
        .replaceAll(
            place ->
                (place.group(1).equals(Integer.toString(line))
                        ? ""
                        : "line " + place.group(1) + ", ")
                    + "column "
                    + place.group(2));
  }
}
