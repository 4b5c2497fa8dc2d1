package org.alignment4j.runtime.tokenizer.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values passed to a call, filter or test. */
record Arguments(List<Object> positional, Map<String, Object> named) {

  static final Arguments EMPTY = new Arguments(List.of(), Map.of());

  static Arguments of(Object... values) {
    return new Arguments(List.of(values), Map.of());
  }

  boolean isEmpty() {
    return positional.isEmpty() && named.isEmpty();
  }

  /** Assigns the values to parameters, the first {@code required} of which must be present. */
  Bound bind(String function, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new EvaluationError(
          "%s takes at most %s arguments but was given %s"
              .formatted(function, parameters.length, positional.size()));
    }
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      values.put(parameters[i], Values.plain(positional.get(i)));
    }
    for (Map.Entry<String, Object> entry : named.entrySet()) {
      if (!List.of(parameters).contains(entry.getKey())) {
        throw new EvaluationError(function + " has no parameter '" + entry.getKey() + "'");
      }
      if (values.put(entry.getKey(), Values.plain(entry.getValue())) != null) {
        throw new EvaluationError(function + " was given '" + entry.getKey() + "' twice");
      }
    }
    for (int i = 0; i < required; i++) {
      if (!values.containsKey(parameters[i])) {
        throw new EvaluationError(function + " needs the argument '" + parameters[i] + "'");
      }
    }
    return new Bound(function, values);
  }

  /** Values by parameter name. */
  record Bound(String function, Map<String, Object> values) {

    Object get(String name, Object otherwise) {
      return values.getOrDefault(name, otherwise);
    }

    Object get(String name) {
      return values.getOrDefault(name, None.NONE);
    }

    @Nullable Object find(String name) {
      return values.get(name);
    }

    boolean flag(String name) {
      Object value = values.get(name);
      return value != null && Values.truth(value);
    }

    long integer(String name, long otherwise) {
      Object value = values.get(name);
      return value == null
          ? otherwise
          : Numbers.integer(function + ", argument '" + name + "'", value);
    }

    int size(String name, int otherwise) {
      return (int)
          Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, integer(name, otherwise)));
    }

    String string(String name) {
      Object value = get(name);
      if (value instanceof String text) {
        return text;
      }
      throw new EvaluationError(
          "%s, argument '%s' must be a string but was %s"
              .formatted(function, name, Values.typeName(value)));
    }
  }
}
