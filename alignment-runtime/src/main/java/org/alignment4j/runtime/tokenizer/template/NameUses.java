package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** The names read in the macro bodies being parsed: they decide what a macro accepts. */
final class NameUses {

  private final Deque<Set<String>> open = new ArrayDeque<>();

  void open() {
    open.push(new HashSet<>());
  }

  Set<String> close() {
    Set<String> names = open.pop();
    Set<String> outer = open.peek();
    if (outer != null) {
      outer.addAll(names);
    }
    return names;
  }

  void read(String name) {
    Set<String> names = open.peek();
    if (names != null) {
      names.add(name);
    }
  }
}
