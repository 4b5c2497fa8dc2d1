package org.alignment4j.runtime.tokenizer.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables of one lexical level; a name not found here is looked up in the enclosing level. */
final class Scope {

  private final Map<String, Object> variables;
  private final @Nullable Scope parent;

  private Scope(Map<String, Object> variables, @Nullable Scope parent) {
    this.variables = variables;
    this.parent = parent;
  }

  /** The level of the variables passed to the rendering. */
  static Scope passed(Map<String, Object> variables) {
    return new Scope(variables, null);
  }

  Scope child() {
    return new Scope(new HashMap<>(), this);
  }

  /** The level of the template's own top-level statements. */
  Scope top() {
    Scope scope = this;
    while (scope.parent != null && scope.parent.parent != null) {
      scope = scope.parent;
    }
    return scope;
  }

  @Nullable Object find(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Object value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }
}
