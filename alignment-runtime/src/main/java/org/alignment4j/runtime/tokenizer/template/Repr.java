package org.alignment4j.runtime.tokenizer.template;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
final class Repr {

  private static final int MAX_DEPTH = 200;

  private final Run run;
  private final StringBuilder out = new StringBuilder();

  private Repr(Run run) {
    this.run = run;
  }

  /** The text that printing a value gives. */
  static String text(Run run, Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Markup markup) {
      return markup.text();
    }
    return value instanceof Undefined ? "" : of(run, value);
  }

  /** The text of a value within a printed list. */
  static String of(Run run, Object value) {
    Repr repr = new Repr(run);
    repr.append(value, 0);
    return run.made(repr.out.toString());
  }

  private void append(Object value, int depth) {
    run.bound(out.length());
    run.work(1);
    if (depth > MAX_DEPTH) {
      throw new EvaluationError("limit exceeded: printed values may nest " + MAX_DEPTH + " deep");
    }
    if (value instanceof String text) {
      appendString(text);
    } else if (value instanceof Markup markup) {
      out.append("Markup(");
      appendString(markup.text());
      out.append(')');
    } else if (value instanceof List<?> list) {
      appendAll("[", list, "]", depth);
    } else if (value instanceof Tuple tuple) {
      appendAll("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", depth);
    } else if (value instanceof Map<?, ?> map) {
      appendMap(map, depth);
    } else if (value instanceof View view) {
      appendView(view, depth);
    } else if (value instanceof Namespace namespace) {
      out.append("<Namespace ");
      appendMap(namespace.values(), depth);
      out.append('>');
    } else {
      out.append(scalar(value));
    }
  }

  private static String scalar(Object value) {
    if (value instanceof Boolean bool) {
      return bool ? "True" : "False";
    }
    if (value instanceof Double number) {
      return Numbers.repr(number);
    }
    if (value instanceof Long) {
      return value.toString();
    }
    if (value == None.NONE) {
      return "None";
    }
    return value instanceof Undefined ? "Undefined" : "<" + Values.typeName(value) + ">";
  }

  private void appendAll(String open, List<?> items, String close, int depth) {
    out.append(open);
    Iterator<?> iterator = items.iterator();
    while (iterator.hasNext()) {
      append(Values.notNull(iterator.next()), depth + 1);
      if (iterator.hasNext()) {
        out.append(", ");
      }
    }
    out.append(close);
  }

  private void appendMap(Map<?, ?> map, int depth) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        out.append(", ");
      }
      first = false;
      append(Values.notNull(entry.getKey()), depth + 1);
      out.append(": ");
      append(Values.notNull(entry.getValue()), depth + 1);
    }
    out.append('}');
  }

  private void appendView(View view, int depth) {
    if (view.kind() == View.Kind.RANGE) {
      out.append(view.printed());
    } else {
      appendAll(view.kind().typeName() + "([", view.items(), "])", depth);
    }
  }

  private void appendString(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints().forEach(c -> appendCharacter(c, quote));
    out.append(quote);
  }

  private void appendCharacter(int c, char quote) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          String form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
          out.append(form.formatted(c));
        }
      }
    }
  }

  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
