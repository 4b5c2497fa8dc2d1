package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters that apply a test or another filter to every element. */
final class SelectionFilters {

  static final Map<String, TemplateMethod> ALL =
      Map.of(
          "map", SelectionFilters::map,
          "select", (r, v, a) -> select(r, v, a, false, true),
          "reject", (r, v, a) -> select(r, v, a, false, false),
          "selectattr", (r, v, a) -> select(r, v, a, true, true),
          "rejectattr", (r, v, a) -> select(r, v, a, true, false));

  private SelectionFilters() {}

  private static Object map(Run run, Object value, Arguments arguments) {
    List<Object> results = new ArrayList<>();
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("filter map", 0, "attribute", "default");
      AttributePath path = AttributePath.of(bound.get("attribute"), bound.find("default"));
      Values.list(run, value).forEach(item -> results.add(path.read(item)));
      return Generator.of(results);
    }
    String name = name("map", "filter", arguments, 0);
    Arguments rest = rest(arguments, 1);
    for (Object item : Values.list(run, value)) {
      results.add(Filters.apply(run, name, item, rest));
    }
    return Generator.of(results);
  }

  private static Object select(
      Run run, Object value, Arguments arguments, boolean byAttribute, boolean wanted) {
    int first = byAttribute ? 1 : 0;
    if (arguments.positional().size() < first) {
      throw new EvaluationError("the filter needs the name of an attribute");
    }
    boolean tested = arguments.positional().size() > first;
    String test = tested ? name("select", "test", arguments, first) : "";
    Arguments rest = rest(arguments, first + 1);
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.list(run, value)) {
      Object subject =
          byAttribute
              ? AttributePath.of(Values.plain(arguments.positional().get(0))).read(item)
              : item;
      Object plain = Values.plain(subject);
      boolean holds = tested ? Tests.apply(run, test, plain, rest) : Values.truth(plain);
      if (holds == wanted) {
        kept.add(item);
      }
    }
    return Generator.of(kept);
  }

  private static String name(String filter, String what, Arguments arguments, int index) {
    List<Object> positional = arguments.positional();
    if (positional.size() > index && Values.plain(positional.get(index)) instanceof String name) {
      return name;
    }
    throw new EvaluationError("filter " + filter + " needs the name of a " + what);
  }

  private static Arguments rest(Arguments arguments, int from) {
    List<Object> positional = arguments.positional();
    int start = Math.min(from, positional.size());
    return new Arguments(positional.subList(start, positional.size()), arguments.named());
  }
}
