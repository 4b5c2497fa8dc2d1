package org.alignment4j.core.judge;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** What a field of a JSON verdict holds. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum FieldKind {
  /** A string. */
  TEXT("a string"),
  /** A number, read as a {@code Double}. */
  NUMBER("a number"),
  /** {@code true} or {@code false}. */
  BOOLEAN("true or false");

  private final String description;

  FieldKind(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** The value when it is of this kind, or null. */
  @Nullable Object of(@Nullable Object value) {
    return switch (this) {
      case TEXT -> value instanceof String ? value : null;
      case NUMBER -> value instanceof Number number ? (Object) number.doubleValue() : null;
      case BOOLEAN -> value instanceof Boolean ? value : null;
    };
  }
}
