package org.alignment4j.runtime.tokenizer.template;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions every template can call. */
final class Globals {

  private static final long MAX_RANGE = 100_000;

  static final Map<String, Object> ALL =
      Map.of(
          "range", new Method("range", Globals::range),
          "dict", new Method("dict", Globals::dict),
          "namespace", new Method("namespace", Globals::namespace),
          "cycler", new Method("cycler", (run, arguments) -> new Cycler(arguments.positional())),
          "joiner", new Method("joiner", Globals::joiner),
          "raise_exception", new Method("raise_exception", Globals::raise),
          "strftime_now", new Method("strftime_now", Globals::now));

  private Globals() {}

  private static Object range(Run run, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("range", 1, "start", "stop", "step");
    boolean one = bound.find("stop") == null;
    long start = one ? 0 : bound.integer("start", 0);
    long stop = one ? bound.integer("start", 0) : bound.integer("stop", 0);
    long step = bound.integer("step", 1);
    if (step == 0) {
      throw new EvaluationError("the step of a range must not be 0");
    }
    double count = Math.max(0, Math.ceil(((double) stop - start) / step));
    if (count > MAX_RANGE) {
      throw new EvaluationError("limit exceeded: a range may have " + MAX_RANGE + " elements");
    }
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < (long) count; i++) {
      values.add(start + i * step);
    }
    run.work(values.size());
    String printed =
        step == 1
            ? "range(%s, %s)".formatted(start, stop)
            : "range(%s, %s, %s)".formatted(start, stop, step);
    return new View(View.Kind.RANGE, values, printed);
  }

  /** The mapping that {@code dict(…)} and {@code namespace(…)} build. */
  private static Map<Object, Object> dict(Run run, Arguments arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (Object source : arguments.positional()) {
      if (source instanceof Map<?, ?>) {
        map.putAll(CollectionMethods.map(source));
      } else {
        for (Object pair : Values.list(run, source)) {
          List<Object> items = Values.list(run, pair);
          if (items.size() != 2) {
            throw new EvaluationError("dict needs pairs but found " + items.size() + " items");
          }
          map.put(Values.key(items.get(0)), items.get(1));
        }
      }
    }
    map.putAll(arguments.named());
    run.work(map.size());
    return map;
  }

  private static Object namespace(Run run, Arguments arguments) {
    Namespace namespace = new Namespace();
    dict(run, arguments).forEach((name, value) -> namespace.set(String.valueOf(name), value));
    return namespace;
  }

  private static Object joiner(Run run, Arguments arguments) {
    Object separator = arguments.bind("joiner", 0, "sep").get("sep", ", ");
    boolean[] used = {false};
    return new Method(
        "joiner",
        (r, a) -> {
          Object value = used[0] ? separator : "";
          used[0] = true;
          return value;
        });
  }

  private static Object raise(Run run, Arguments arguments) {
    Object message = arguments.bind("raise_exception", 1, "message").get("message");
    throw new TemplateRefusedException(Repr.text(run, message), run.line());
  }

  private static Object now(Run run, Arguments arguments) {
    String format = arguments.bind("strftime_now", 1, "format").string("format");
    return run.made(Strftime.format(format, ZonedDateTime.now(run.clock())));
  }

  /** Values in turn. */
  private static final class Cycler implements Attributes {

    private final List<Object> values;
    private int position;

    Cycler(List<Object> values) {
      if (values.isEmpty()) {
        throw new EvaluationError("cycler needs at least one argument");
      }
      this.values = values;
    }

    @Override
    public @Nullable Object attribute(String name) {
      return switch (name) {
        case "current" -> values.get(position);
        case "next" -> new Method("next", (run, arguments) -> next());
        case "reset" -> new Method("reset", (run, arguments) -> reset());
        default -> null;
      };
    }

    private Object next() {
      Object value = values.get(position);
      position = (position + 1) % values.size();
      return value;
    }

    private Object reset() {
      position = 0;
      return None.NONE;
    }
  }
}
