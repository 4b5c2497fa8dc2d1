package org.alignment4j.runtime.tokenizer.template;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A holder of attributes that assignments in inner scopes can change. */
final class Namespace implements Attributes {

  private final Map<String, Object> values = new LinkedHashMap<>();

  void set(String name, Object value) {
    values.put(name, value);
  }

  Map<String, Object> values() {
    return values;
  }

  @Override
  public @Nullable Object attribute(String name) {
    return values.get(name);
  }
}
