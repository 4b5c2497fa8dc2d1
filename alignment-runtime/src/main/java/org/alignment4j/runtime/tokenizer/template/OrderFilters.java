package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Filters that compare elements. */
final class OrderFilters {

  static final Map<String, TemplateMethod> ALL =
      Map.of(
          "sort", OrderFilters::sort,
          "dictsort", OrderFilters::dictSort,
          "unique", OrderFilters::unique,
          "groupby", OrderFilters::groupBy,
          "min", (r, v, a) -> extreme(r, v, a, "min", 1),
          "max", (r, v, a) -> extreme(r, v, a, "max", -1));

  private OrderFilters() {}

  private static UnaryOperator<Object> key(Run run, Arguments.Bound bound) {
    Object attribute = bound.get("attribute");
    boolean exact = bound.flag("case_sensitive");
    return item -> {
      Object value = attribute == None.NONE ? item : AttributePath.of(attribute).read(item);
      return folded(run, value, exact);
    };
  }

  private static Object folded(Run run, Object value, boolean exact) {
    Object plain = Values.plain(value);
    if (exact || !(plain instanceof String text)) {
      return plain;
    }
    run.work(text.length());
    return PyCase.lower(text);
  }

  private static void sort(
      Run run, List<Object> items, UnaryOperator<Object> key, boolean reverse) {
    Comparator<Object> ascending = (a, b) -> Values.compare(run, key.apply(a), key.apply(b));
    items.sort(reverse ? (a, b) -> ascending.compare(b, a) : ascending);
  }

  private static Object sort(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("filter sort", 0, "reverse", "case_sensitive", "attribute");
    List<Object> items = Values.list(run, value);
    boolean exact = bound.flag("case_sensitive");
    Object attribute = bound.get("attribute");
    List<AttributePath> paths = new ArrayList<>();
    if (attribute instanceof String names) {
      PyText.split(names, ",", -1).forEach(name -> paths.add(AttributePath.of(name)));
    } else {
      paths.add(
          attribute == None.NONE
              ? new AttributePath(List.of(), null)
              : AttributePath.of(attribute));
    }
    UnaryOperator<Object> key =
        item -> {
          List<Object> keys = new ArrayList<>();
          paths.forEach(path -> keys.add(folded(run, path.read(item), exact)));
          return keys;
        };
    sort(run, items, key, bound.flag("reverse"));
    return items;
  }

  private static Object dictSort(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter dictsort", 0, "case_sensitive", "by", "reverse");
    Object by = bound.get("by", "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new EvaluationError("filter dictsort sorts by 'key' or 'value', not by " + by);
    }
    if (!(value instanceof Map<?, ?>)) {
      Undefined.check(value);
      throw new EvaluationError(
          "filter dictsort needs a mapping but got " + Values.typeName(value));
    }
    List<Object> items =
        new ArrayList<>(CollectionMethods.items(run, CollectionMethods.map(value)).items());
    int part = by.equals("key") ? 0 : 1;
    boolean exact = bound.flag("case_sensitive");
    sort(
        run,
        items,
        item -> folded(run, ((Tuple) item).items().get(part), exact),
        bound.flag("reverse"));
    return items;
  }

  private static Object unique(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter unique", 0, "case_sensitive", "attribute");
    UnaryOperator<Object> key = key(run, bound);
    List<Object> seen = new ArrayList<>();
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.list(run, value)) {
      Object itemKey = Values.key(key.apply(item));
      if (!Values.contains(run, seen, itemKey)) {
        seen.add(itemKey);
        kept.add(item);
      }
    }
    return Generator.of(kept);
  }

  private static Object groupBy(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("filter groupby", 1, "attribute", "default", "case_sensitive");
    AttributePath path = AttributePath.of(bound.get("attribute"), bound.find("default"));
    boolean exact = bound.flag("case_sensitive");
    UnaryOperator<Object> key = item -> folded(run, path.read(item), exact);
    List<Object> items = Values.list(run, value);
    sort(run, items, key, false);
    List<Object> groups = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= items.size(); i++) {
      boolean ends =
          i == items.size()
              || !Values.equal(run, key.apply(items.get(i)), key.apply(items.get(start)));
      if (ends) {
        List<Object> group = new ArrayList<>(items.subList(start, i));
        Object shown = exact ? key.apply(items.get(start)) : path.read(items.get(start));
        groups.add(new Tuple(List.of(shown, group), List.of("grouper", "list")));
        start = i;
      }
    }
    return groups;
  }

  private static Object extreme(
      Run run, Object value, Arguments arguments, String name, int direction) {
    Arguments.Bound bound = arguments.bind("filter " + name, 0, "case_sensitive", "attribute");
    UnaryOperator<Object> key = key(run, bound);
    List<Object> items = Values.list(run, value);
    if (items.isEmpty()) {
      return new Undefined("the sequence is empty");
    }
    Object best = items.get(0);
    for (Object item : items.subList(1, items.size())) {
      if (direction * Values.compare(run, key.apply(item), key.apply(best)) < 0) {
        best = item;
      }
    }
    return best;
  }
}
