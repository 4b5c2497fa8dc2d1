package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The methods of Python's lists, tuples and dicts; those that modify are refused. */
final class CollectionMethods {

  static final Map<String, TemplateMethod> TUPLE =
      Map.of("index", CollectionMethods::index, "count", CollectionMethods::count);

  static final Map<String, TemplateMethod> LIST =
      withRefused(
          Map.of(
              "index",
              CollectionMethods::index,
              "count",
              CollectionMethods::count,
              "copy",
              (run, receiver, arguments) -> Values.list(run, receiver)),
          "list",
          "append",
          "clear",
          "extend",
          "insert",
          "pop",
          "remove",
          "reverse",
          "sort");

  static final Map<String, TemplateMethod> DICT =
      withRefused(
          Map.of(
              "get",
              CollectionMethods::get,
              "keys",
              (run, receiver, arguments) -> keys(map(receiver)),
              "values",
              (run, receiver, arguments) -> values(map(receiver)),
              "items",
              (run, receiver, arguments) -> items(run, map(receiver)),
              "copy",
              (run, receiver, arguments) -> new LinkedHashMap<>(map(receiver))),
          "dict",
          "clear",
          "pop",
          "popitem",
          "setdefault",
          "update");

  private CollectionMethods() {}

  private static Map<String, TemplateMethod> withRefused(
      Map<String, TemplateMethod> methods, String type, String... refused) {
    Map<String, TemplateMethod> all = new HashMap<>(methods);
    for (String name : refused) {
      all.put(
          name,
          (run, receiver, arguments) -> {
            throw new EvaluationError(
                "%s.%s would modify a value; a chat template may only make new ones, for example with +"
                    .formatted(type, name));
          });
    }
    return Map.copyOf(all);
  }

  @SuppressWarnings("unchecked")
  static Map<Object, Object> map(Object value) {
    return (Map<Object, Object>) value;
  }

  private static View keys(Map<Object, Object> map) {
    return new View(View.Kind.KEYS, new ArrayList<>(map.keySet()));
  }

  private static View values(Map<Object, Object> map) {
    return new View(View.Kind.VALUES, new ArrayList<>(map.values()));
  }

  static View items(Run run, Map<Object, Object> map) {
    List<Object> items = new ArrayList<>(map.size());
    for (Map.Entry<Object, Object> entry : map.entrySet()) {
      items.add(Tuple.of(entry.getKey(), entry.getValue()));
    }
    run.work(items.size());
    return new View(View.Kind.ITEMS, items);
  }

  private static Object get(Run run, Object receiver, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("dict.get", 1, "key", "default");
    Object value = map(receiver).get(Values.key(bound.get("key")));
    return value == null ? bound.get("default") : value;
  }

  private static Object index(Run run, Object receiver, Arguments arguments) {
    Object sought = arguments.bind("index", 1, "value").get("value");
    List<Object> items = Values.list(run, receiver);
    for (int i = 0; i < items.size(); i++) {
      if (Values.equal(run, items.get(i), sought)) {
        return (long) i;
      }
    }
    throw new EvaluationError("the value is not in the " + Values.typeName(receiver));
  }

  private static Object count(Run run, Object receiver, Arguments arguments) {
    Object sought = arguments.bind("count", 1, "value").get("value");
    long count = 0;
    for (Object item : Values.list(run, receiver)) {
      count += Values.equal(run, item, sought) ? 1 : 0;
    }
    return count;
  }
}
