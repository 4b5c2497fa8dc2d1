package org.alignment4j.runtime.tokenizer.template;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator {@code %} on strings. */
final class Printf {

  private static final Pattern CONVERSION =
      Pattern.compile(
          "%(?:\\(([^)]*)\\))?([-+ 0#]*)(\\d{1,9})?(?:\\.(\\d{1,9}))?[hlL]?(.)", Pattern.DOTALL);

  private Printf() {}

  static String format(Run run, String format, Object values) {
    List<Object> positional = values instanceof Tuple tuple ? tuple.items() : List.of(values);
    Matcher matcher = CONVERSION.matcher(format);
    StringBuilder out = new StringBuilder();
    int end = 0;
    int used = 0;
    for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', end)) {
      out.append(format, end, at);
      if (!matcher.region(at, format.length()).lookingAt()) {
        throw new EvaluationError("the format string ends within a conversion");
      }
      end = matcher.end();
      if (matcher.group(5).equals("%")) {
        out.append('%');
        continue;
      }
      Object value;
      String key = matcher.group(1);
      if (key != null) {
        value = named(values, key);
      } else if (used < positional.size()) {
        value = positional.get(used++);
      } else {
        throw new EvaluationError("not enough arguments for the format string");
      }
      out.append(convert(run, matcher, Values.plain(value)));
      run.bound(out.length());
    }
    if (used < positional.size() && !(values instanceof Map<?, ?>) && !usesNames(format)) {
      throw new EvaluationError("not all arguments were converted by the format string");
    }
    return run.made(out.append(format.substring(end)).toString());
  }

  private static boolean usesNames(String format) {
    return format.contains("%(");
  }

  private static Object named(Object values, String key) {
    if (values instanceof Map<?, ?> map && map.get(key) != null) {
      return Values.notNull(map.get(key));
    }
    throw new EvaluationError("the format string needs a mapping with the key '" + key + "'");
  }

  private static String convert(Run run, Matcher matcher, Object value) {
    char type = matcher.group(5).charAt(0);
    String flags = matcher.group(2);
    boolean left = flags.contains("-");
    int width = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    int precision = matcher.group(4) == null ? -1 : Integer.parseInt(matcher.group(4));
    char sign = flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-';
    boolean text = type == 's' || type == 'r' || type == 'a' || type == 'c';
    boolean zero = flags.contains("0") && !left && !text;
    Object shown =
        switch (type) {
          case 's' -> Repr.text(run, value);
          case 'r', 'a' -> Repr.of(run, value);
          case 'c' -> Numbers.isInteger(value) ? Numbers.character(value) : Repr.text(run, value);
          case 'd', 'i', 'u' -> whole(value);
          case 'x', 'X', 'o', 'e', 'E', 'f', 'F', 'g', 'G' -> value;
          default -> throw new EvaluationError("'%" + type + "' is not a conversion");
        };
    char kind = text ? 's' : type == 'i' || type == 'u' ? 'd' : type;
    FormatSpec spec =
        new FormatSpec(
            zero ? "0" : " ", left ? '<' : zero ? '=' : '>', sign, width, false, precision, kind);
    return spec.format(run, shown);
  }

  private static Object whole(Object value) {
    if (value instanceof Double number) {
      return Numbers.truncated(number);
    }
    return Numbers.integer("the argument of %d", value);
  }
}
