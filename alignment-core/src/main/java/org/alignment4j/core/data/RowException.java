package org.alignment4j.core.data;

import java.util.Locale;
import org.alignment4j.api.DataFormatException;
import org.jspecify.annotations.Nullable;

/** A fault of one row after which reading can go on with the next one. */
final class RowException extends DataFormatException {

  private static final long serialVersionUID = 1L;

  private final Fault fault;

  RowException(String file, long line, @Nullable String field, Fault fault, String problem) {
    super(file, line, field, problem);
    this.fault = fault;
  }

  Fault fault() {
    return fault;
  }

  /** The offending value as it may stand in a message: short, one line, controls made visible. */
  static String shown(String value) {
    int limit = Math.min(value.length(), 60);
    StringBuilder text = new StringBuilder("'");
    for (int i = 0; i < limit; i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append(limit < value.length() ? "…'" : "'").toString();
  }
}
