package org.alignment4j.core.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells a doubled name from other broken JSON. */
final class JsonFaults {

  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate (?:field|Object property) [\"'](.*)[\"']", Pattern.DOTALL);

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
    return new RowException(
        file, line, null, Fault.SYNTAX, "not valid JSON at column " + column + ": " + message);
  }
}
