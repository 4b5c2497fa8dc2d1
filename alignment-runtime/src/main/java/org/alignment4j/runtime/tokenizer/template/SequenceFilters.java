package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters on sequences that keep their order. */
final class SequenceFilters {

  static final Map<String, TemplateMethod> ALL =
      Map.ofEntries(
          Map.entry("length", SequenceFilters::length),
          Map.entry("count", SequenceFilters::length),
          Map.entry("list", (r, v, a) -> Values.list(r, v)),
          Map.entry("first", SequenceFilters::first),
          Map.entry("last", SequenceFilters::last),
          Map.entry("join", SequenceFilters::join),
          Map.entry("reverse", SequenceFilters::reverse),
          Map.entry("items", SequenceFilters::items),
          Map.entry("batch", SequenceFilters::batch),
          Map.entry("slice", SequenceFilters::slice),
          Map.entry("attr", SequenceFilters::attr),
          Map.entry("default", SequenceFilters::otherwise),
          Map.entry("d", SequenceFilters::otherwise));

  private static final int MAX_SLICES = 100_000;

  /** A list of its own takes the memory of this many items. */
  private static final int LIST_WORK = 16;

  private SequenceFilters() {}

  private static Object length(Run run, Object value, Arguments arguments) {
    run.work(value instanceof String text ? text.length() : 1);
    return Values.size(value);
  }

  private static Object first(Run run, Object value, Arguments arguments) {
    Iterator<Object> items = Values.iterate(value);
    return items.hasNext() ? items.next() : new Undefined("the sequence has no first item");
  }

  private static Object last(Run run, Object value, Arguments arguments) {
    if (value instanceof Generator) {
      throw new EvaluationError("filter last needs a sequence but got a generator; add |list");
    }
    List<Object> items = Values.list(run, value);
    return items.isEmpty()
        ? new Undefined("the sequence has no last item")
        : items.get(items.size() - 1);
  }

  private static Object join(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter join", 0, "d", "attribute");
    String separator = Repr.text(run, bound.get("d", ""));
    Object attribute = bound.get("attribute");
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (Object item : Values.list(run, value)) {
      Object shown = attribute == None.NONE ? item : AttributePath.of(attribute).read(item);
      out.append(first ? "" : separator).append(Repr.text(run, shown));
      run.bound(out.length());
      first = false;
    }
    return run.made(out.toString());
  }

  private static Object reverse(Run run, Object value, Arguments arguments) {
    if (value instanceof String text) {
      return run.made(new StringBuilder(text).reverse().toString());
    }
    List<Object> items = Values.list(run, value);
    Collections.reverse(items);
    return Generator.of(items);
  }

  private static Object items(Run run, Object value, Arguments arguments) {
    if (value instanceof Undefined) {
      return Generator.of(List.of());
    }
    if (!(value instanceof Map<?, ?>)) {
      throw new EvaluationError("filter items needs a mapping but got " + Values.typeName(value));
    }
    return Generator.of(CollectionMethods.items(run, CollectionMethods.map(value)).items());
  }

  private static Object batch(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter batch", 1, "linecount", "fill_with");
    int size = bound.size("linecount", 1);
    List<Object> rows = new ArrayList<>();
    List<Object> row = new ArrayList<>();
    for (Object item : Values.list(run, value)) {
      if (row.size() == size) {
        run.work(LIST_WORK);
        rows.add(row);
        row = new ArrayList<>();
      }
      row.add(item);
    }
    if (!row.isEmpty()) {
      Object fill = bound.get("fill_with");
      run.bound(size);
      while (fill != None.NONE && row.size() < size) {
        run.work(1);
        row.add(fill);
      }
      rows.add(row);
    }
    return Generator.of(rows);
  }

  private static Object slice(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter slice", 1, "slices", "fill_with");
    List<Object> items = Values.list(run, value);
    int slices = bound.size("slices", 1);
    if (slices < 1) {
      throw new EvaluationError("filter slice needs at least 1 slice but got " + slices);
    }
    if (slices > MAX_SLICES) {
      throw new EvaluationError("limit exceeded: a sequence may have " + MAX_SLICES + " slices");
    }
    int perSlice = items.size() / slices;
    int extra = items.size() % slices;
    List<Object> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < slices; i++) {
      run.work(LIST_WORK);
      int end = start + perSlice + (i < extra ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(start, end));
      if (bound.get("fill_with") != None.NONE && i >= extra) {
        part.add(bound.get("fill_with"));
      }
      parts.add(part);
      start = end;
    }
    return Generator.of(parts);
  }

  private static Object attr(Run run, Object value, Arguments arguments) {
    String name = arguments.bind("filter attr", 1, "name").string("name");
    Undefined.check(value);
    if (value instanceof Map<?, ?> map
        && map.containsKey(name)
        && !CollectionMethods.DICT.containsKey(name)) {
      return new Undefined("a dict has no attribute '" + name + "'");
    }
    return Access.attribute(value, name);
  }

  private static Object otherwise(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter default", 0, "default_value", "boolean");
    boolean replaced =
        value instanceof Undefined || (bound.flag("boolean") && !Values.truth(value));
    return replaced ? bound.get("default_value", "") : value;
  }
}
