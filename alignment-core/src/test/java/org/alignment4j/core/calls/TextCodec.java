package org.alignment4j.core.calls;

import java.util.Map;
import java.util.Objects;
import org.alignment4j.core.journal.JsonCodec;
import org.jspecify.annotations.Nullable;

/** Texts as plain values. */
final class TextCodec implements JsonCodec<String> {
  @Override
  public Map<String, @Nullable Object> encode(String value) {
    return Map.of("text", value);
  }

  @Override
  public String decode(Map<String, @Nullable Object> fields) {
    return (String) Objects.requireNonNull(fields.get("text"));
  }
}
