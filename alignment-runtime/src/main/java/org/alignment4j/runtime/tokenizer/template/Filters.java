package org.alignment4j.runtime.tokenizer.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The filters by name. */
final class Filters {

  /** Filters that tell marked-up strings from plain ones. */
  private static final Set<String> MARKUP_AWARE =
      Set.of("safe", "escape", "e", "forceescape", "string", "default", "d");

  private static final Map<String, TemplateMethod> ALL = all();

  private Filters() {}

  private static Map<String, TemplateMethod> all() {
    Map<String, TemplateMethod> all = new HashMap<>(TextFilters.ALL);
    all.putAll(LayoutFilters.ALL);
    all.putAll(SequenceFilters.ALL);
    all.putAll(OrderFilters.ALL);
    all.putAll(SelectionFilters.ALL);
    all.putAll(NumberFilters.ALL);
    return Map.copyOf(all);
  }

  static Object apply(Run run, String name, Object value, Arguments arguments) {
    TemplateMethod filter = ALL.get(name);
    if (filter == null) {
      throw new EvaluationError("there is no filter '" + name + "'");
    }
    return filter.call(run, MARKUP_AWARE.contains(name) ? value : Values.plain(value), arguments);
  }

  static boolean exists(String name) {
    return ALL.containsKey(name);
  }
}
