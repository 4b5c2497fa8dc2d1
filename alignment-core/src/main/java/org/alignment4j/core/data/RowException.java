package org.alignment4j.core.data;

import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.alignment4j.api.DataFormatException;
import org.jspecify.annotations.Nullable;

/** A fault of one row after which reading can go on with the next one. */
final class RowException extends DataFormatException {

  private static final long serialVersionUID = 1L;

  private final Fault fault;

  /** Names of columns may have any length, and each row of a table would repeat them. */
  private static final int MAX_FIELD = 200;

  private static final HexFormat HEX = HexFormat.of();
  private static final int MAX_NAMES = 20;
  private static final int MAX_VALUE = 60;

  RowException(String file, long line, @Nullable String field, Fault fault, String problem) {
    super(file, line, field == null ? null : beginning(field), problem);
    this.fault = fault;
  }

  private static String beginning(String field) {
    return field.length() <= MAX_FIELD ? field : field.substring(0, MAX_FIELD) + "…";
  }

  /** Names as they may stand in a message: the first ones, each short. */
  static String shown(Collection<String> names) {
    return names.stream()
        .limit(MAX_NAMES)
        .map(RowException::visible)
        .collect(Collectors.joining(", ", "[", names.size() > MAX_NAMES ? ", …]" : "]"));
  }

  Fault fault() {
    return fault;
  }

  /** None yet: tolerant reading makes one of these for each bad row and drops it. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** This exception as the reader's caller is to see it, with the place of the call. */
  RowException traced() {
    super.fillInStackTrace();
    return this;
  }

  /** The offending value as it may stand in a message: short, one line, controls made visible. */
  static String shown(String value) {
    return "'" + visible(value) + "'";
  }

  private static String visible(String value) {
    int limit = Math.min(value.length(), MAX_VALUE);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < limit; i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        text.append("\\u").append(HEX.toHexDigits(c));
      } else {
        text.append(c);
      }
    }
    return text.append(limit < value.length() ? "…" : "").toString();
  }
}
