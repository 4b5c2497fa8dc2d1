package org.alignment4j.runtime.tokenizer.template;

/** {@code str.format}: fields by position, number or name, with attributes, items and format. */
final class StringFormat {

  private final Run run;
  private final Arguments arguments;
  private int automatic;

  private StringFormat(Run run, Arguments arguments) {
    this.run = run;
    this.arguments = arguments;
  }

  static Object format(Run run, String format, Arguments arguments) {
    return run.made(new StringFormat(run, arguments).expand(format, 2));
  }

  private String expand(String format, int depth) {
    if (depth < 0) {
      throw new EvaluationError("format fields may nest once");
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i);
      boolean doubled = i + 1 < format.length() && format.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && doubled) {
        out.append(c);
        i += 2;
      } else if (c == '{') {
        int end = closing(format, i);
        out.append(field(format.substring(i + 1, end), depth));
        run.bound(out.length());
        i = end + 1;
      } else if (c == '}') {
        throw new EvaluationError("single '}' in a format string; write '}}'");
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private static int closing(String format, int open) {
    int depth = 0;
    for (int i = open; i < format.length(); i++) {
      depth += format.charAt(i) == '{' ? 1 : format.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw new EvaluationError("expected '}' in a format string");
  }

  private String field(String field, int depth) {
    int colon = field.indexOf(':');
    String head = colon < 0 ? field : field.substring(0, colon);
    String spec = colon < 0 ? "" : expand(field.substring(colon + 1), depth - 1);
    char conversion = ' ';
    if (head.length() >= 2 && head.charAt(head.length() - 2) == '!') {
      conversion = head.charAt(head.length() - 1);
      head = head.substring(0, head.length() - 2);
    }
    Object value = Values.plain(value(head));
    if (conversion == 'r') {
      value = Repr.of(run, value);
    } else if (conversion == 's') {
      value = Repr.text(run, value);
    }
    return spec.isEmpty()
        ? Repr.text(run, value)
        : FormatSpec.parse(spec, value).format(run, value);
  }

  private Object value(String path) {
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Object value = first(path.substring(0, end));
    while (end < path.length()) {
      boolean item = path.charAt(end) == '[';
      int start = end + 1;
      end = start;
      while (end < path.length()
          && (item ? path.charAt(end) != ']' : ".[".indexOf(path.charAt(end)) < 0)) {
        end++;
      }
      String name = path.substring(start, end);
      end += item ? 1 : 0;
      value =
          item && name.matches("\\d{1,9}")
              ? Access.item(value, Long.valueOf(name))
              : item ? Access.item(value, name) : Access.attribute(value, name);
      Undefined.check(value);
    }
    return value;
  }

  private Object first(String name) {
    if (name.isEmpty() || name.matches("\\d{1,9}")) {
      int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
      if (index >= arguments.positional().size()) {
        throw new EvaluationError("the format string needs the argument " + index);
      }
      return arguments.positional().get(index);
    }
    Object value = arguments.named().get(name);
    if (value == null) {
      throw new EvaluationError("the format string needs the argument '" + name + "'");
    }
    return value;
  }
}
