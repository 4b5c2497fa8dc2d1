package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filter {@code tojson}: Python's {@code json.dumps}. */
final class Json {

  private static final int MAX_DEPTH = 200;

  private final Run run;
  private final boolean ascii;
  private final boolean sorted;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final StringBuilder out = new StringBuilder();

  private Json(Run run, Arguments.Bound options) {
    this.run = run;
    this.ascii = options.flag("ensure_ascii");
    this.sorted = options.flag("sort_keys");
    Object width = options.get("indent");
    if (width == None.NONE) {
      this.indent = null;
    } else if (width instanceof String text) {
      this.indent = text;
    } else {
      long blanks = Numbers.integer("the argument 'indent' of tojson", width);
      run.bound(blanks);
      this.indent = " ".repeat((int) Math.max(0, blanks));
    }
    Object separators = options.get("separators");
    if (separators == None.NONE) {
      this.itemSeparator = indent == null ? ", " : ",";
      this.keySeparator = ": ";
    } else {
      List<Object> pair = Values.list(run, separators);
      if (pair.size() != 2) {
        throw new EvaluationError(
            "the argument 'separators' of tojson must be a pair but had " + pair.size() + " items");
      }
      this.itemSeparator = Repr.text(run, pair.get(0));
      this.keySeparator = Repr.text(run, pair.get(1));
    }
  }

  static String write(Run run, Object value, Arguments arguments) {
    Arguments.Bound options =
        arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    Json json = new Json(run, options);
    json.append(value, 0);
    return run.made(json.out.toString());
  }

  private void append(Object value, int depth) {
    run.bound(out.length());
    run.work(1);
    if (depth > MAX_DEPTH) {
      throw new EvaluationError("limit exceeded: JSON values may nest " + MAX_DEPTH + " deep");
    }
    Object plain = Values.plain(value);
    if (plain instanceof String text) {
      appendString(text);
    } else if (plain instanceof Map<?, ?> map) {
      appendMap(map, depth);
    } else if (plain instanceof List<?> list) {
      appendList(list, depth);
    } else if (plain instanceof Tuple tuple) {
      appendList(tuple.items(), depth);
    } else {
      out.append(scalar(plain));
    }
  }

  private static String scalar(Object value) {
    if (value == None.NONE) {
      return "null";
    }
    if (value instanceof Double number) {
      return Double.isNaN(number)
          ? "NaN"
          : Double.isInfinite(number)
              ? (number > 0 ? "Infinity" : "-Infinity")
              : Numbers.repr(number);
    }
    if (value instanceof Boolean || value instanceof Long) {
      return value.toString();
    }
    throw new EvaluationError(
        "tojson cannot write %s%s"
            .formatted(
                Values.typeName(value),
                value instanceof Undefined undefined ? ": " + undefined.reason() : ""));
  }

  private void appendList(List<?> list, int depth) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      out.append(i == 0 ? "" : itemSeparator);
      newLine(depth + 1);
      append(Values.notNull(list.get(i)), depth + 1);
    }
    newLine(depth);
    out.append(']');
  }

  private void appendMap(Map<?, ?> map, int depth) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sorted) {
      Comparator<Map.Entry<?, ?>> byKey =
          (a, b) -> Values.compare(run, Values.notNull(a.getKey()), Values.notNull(b.getKey()));
      entries.sort(byKey);
    }
    out.append('{');
    for (int i = 0; i < entries.size(); i++) {
      out.append(i == 0 ? "" : itemSeparator);
      newLine(depth + 1);
      Object key = Values.notNull(entries.get(i).getKey());
      if (key instanceof Tuple) {
        throw new EvaluationError("tojson cannot write a dict with a tuple as key");
      }
      appendString(key instanceof String text ? text : scalar(key));
      out.append(keySeparator);
      append(Values.notNull(entries.get(i).getValue()), depth + 1);
    }
    newLine(depth);
    out.append('}');
  }

  private void newLine(int depth) {
    if (indent != null) {
      run.bound((long) indent.length() * depth);
      out.append('\n').append(indent.repeat(depth));
    }
  }

  private void appendString(String text) {
    run.bound((long) out.length() + text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
