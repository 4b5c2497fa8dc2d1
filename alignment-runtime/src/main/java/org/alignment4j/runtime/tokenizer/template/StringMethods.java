package org.alignment4j.runtime.tokenizer.template;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str} that return new values. */
final class StringMethods {

  private interface Body {
    Object call(Run run, String text, Arguments arguments);
  }

  private static final Map<String, Body> ALL =
      Map.ofEntries(
          Map.entry("upper", plain("upper", PyCase::upper)),
          Map.entry("lower", plain("lower", PyCase::lower)),
          Map.entry("casefold", plain("casefold", PyCase::casefold)),
          Map.entry("title", plain("title", PyCase::title)),
          Map.entry("capitalize", plain("capitalize", PyCase::capitalize)),
          Map.entry("swapcase", plain("swapcase", PyCase::swapcase)),
          Map.entry("strip", (r, t, a) -> strip("strip", t, a, true, true)),
          Map.entry("lstrip", (r, t, a) -> strip("lstrip", t, a, true, false)),
          Map.entry("rstrip", (r, t, a) -> strip("rstrip", t, a, false, true)),
          Map.entry("split", (r, t, a) -> split(r, t, a, false)),
          Map.entry("rsplit", (r, t, a) -> split(r, t, a, true)),
          Map.entry("splitlines", StringMethods::splitLines),
          Map.entry("startswith", (r, t, a) -> affix(r, t, a, true)),
          Map.entry("endswith", (r, t, a) -> affix(r, t, a, false)),
          Map.entry("removeprefix", (r, t, a) -> remove(t, a, true)),
          Map.entry("removesuffix", (r, t, a) -> remove(t, a, false)),
          Map.entry("replace", StringMethods::replace),
          Map.entry("find", (r, t, a) -> find("find", t, a, false)),
          Map.entry("rfind", (r, t, a) -> find("rfind", t, a, true)),
          Map.entry("index", (r, t, a) -> found("index", t, a, false)),
          Map.entry("rindex", (r, t, a) -> found("rindex", t, a, true)),
          Map.entry("count", StringMethods::count),
          Map.entry("join", StringMethods::join),
          Map.entry("format", StringFormat::format),
          Map.entry("center", (r, t, a) -> pad(r, t, a, "center")),
          Map.entry("ljust", (r, t, a) -> pad(r, t, a, "ljust")),
          Map.entry("rjust", (r, t, a) -> pad(r, t, a, "rjust")),
          Map.entry("zfill", StringMethods::zeroFill),
          Map.entry("partition", (r, t, a) -> partition(t, a, false)),
          Map.entry("rpartition", (r, t, a) -> partition(t, a, true)),
          Map.entry("expandtabs", StringMethods::expandTabs),
          Map.entry("isdigit", every(Character::isDigit)),
          Map.entry("isdecimal", every(Character::isDigit)),
          Map.entry("isnumeric", every(PyCase::isNumeric)),
          Map.entry("isalpha", every(Character::isLetter)),
          Map.entry("isalnum", every(c -> Character.isLetter(c) || PyCase.isNumeric(c))),
          Map.entry("isspace", every(PyText::isSpace)),
          Map.entry("isupper", (r, t, a) -> PyCase.isUpper(t)),
          Map.entry("islower", (r, t, a) -> PyCase.isLower(t)),
          Map.entry("istitle", (r, t, a) -> PyCase.isTitle(t)),
          Map.entry("isascii", (r, t, a) -> t.codePoints().allMatch(c -> c < 128)),
          Map.entry("isprintable", (r, t, a) -> t.codePoints().allMatch(Repr::isPrintable)));

  private StringMethods() {}

  static @Nullable TemplateMethod find(String name) {
    Body body = ALL.get(name);
    return body == null
        ? null
        : (run, receiver, arguments) -> {
          String text = (String) receiver;
          run.work(text.length());
          return body.call(run, text, arguments);
        };
  }

  private static Body plain(String name, UnaryOperator<String> operation) {
    return (run, text, arguments) -> {
      arguments.bind("str." + name, 0);
      return operation.apply(text);
    };
  }

  private static Body every(IntPredicate property) {
    return (run, text, arguments) -> !text.isEmpty() && text.codePoints().allMatch(property);
  }

  private static Object strip(
      String name, String text, Arguments arguments, boolean left, boolean right) {
    Object characters = arguments.bind("str." + name, 0, "chars").get("chars");
    return PyText.strip(text, characters, left, right);
  }

  private static Object split(Run run, String text, Arguments arguments, boolean right) {
    Arguments.Bound bound = arguments.bind("str.split", 0, "sep", "maxsplit");
    long max = bound.integer("maxsplit", -1);
    List<Object> parts =
        right
            ? PyText.splitFromRight(text, bound.get("sep"), max)
            : PyText.split(text, bound.get("sep"), max);
    run.work(parts.size());
    return parts;
  }

  private static Object splitLines(Run run, String text, Arguments arguments) {
    return PyText.lines(text, arguments.bind("str.splitlines", 0, "keepends").flag("keepends"));
  }

  private static Object affix(Run run, String text, Arguments arguments, boolean prefix) {
    String name = prefix ? "str.startswith" : "str.endswith";
    Arguments.Bound bound = arguments.bind(name, 1, "affix", "start", "end");
    Object affix = bound.get("affix");
    String part = (String) Access.slice(run, text, bound.get("start"), bound.get("end"), None.NONE);
    List<Object> candidates = affix instanceof Tuple tuple ? tuple.items() : List.of(affix);
    for (Object candidate : candidates) {
      if (!(Values.plain(candidate) instanceof String mark)) {
        throw new EvaluationError(
            name + " needs a string or a tuple of strings, not " + Values.typeName(candidate));
      }
      if (prefix ? part.startsWith(mark) : part.endsWith(mark)) {
        return true;
      }
    }
    return false;
  }

  private static Object remove(String text, Arguments arguments, boolean prefix) {
    String name = prefix ? "str.removeprefix" : "str.removesuffix";
    String affix = arguments.bind(name, 1, "affix").string("affix");
    if (prefix) {
      return text.startsWith(affix) ? text.substring(affix.length()) : text;
    }
    return text.endsWith(affix) ? text.substring(0, text.length() - affix.length()) : text;
  }

  private static Object replace(Run run, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("str.replace", 2, "old", "new", "count");
    return replace(run, text, bound.string("old"), bound.string("new"), bound.integer("count", -1));
  }

  /** Replaces at most {@code count} occurrences, all of them if negative. */
  static String replace(Run run, String text, String old, String replacement, long count) {
    StringBuilder out = new StringBuilder();
    int start = 0;
    long left = count < 0 ? Long.MAX_VALUE : count;
    for (int at = text.indexOf(old); at >= 0 && left > 0; left--) {
      out.append(text, start, at).append(replacement);
      run.bound(out.length());
      start = at + old.length();
      if (old.isEmpty()) {
        if (at == text.length()) {
          break;
        }
        int next = at + Character.charCount(text.codePointAt(at));
        out.append(text, at, next);
        start = next;
      }
      at = text.indexOf(old, start);
    }
    return run.made(out.append(text, Math.min(start, text.length()), text.length()).toString());
  }

  private static long find(String name, String text, Arguments arguments, boolean last) {
    Arguments.Bound bound = arguments.bind("str." + name, 1, "sub", "start", "end");
    int length = PyText.length(text);
    int start = offset(bound.integer("start", 0), length);
    int end = bound.get("end") == None.NONE ? length : offset(bound.integer("end", length), length);
    if (start > end) {
      return -1;
    }
    String part = PyText.part(text, start, end);
    String sought = bound.string("sub");
    int at = last ? part.lastIndexOf(sought) : part.indexOf(sought);
    return at < 0 ? -1 : (long) start + part.codePointCount(0, at);
  }

  private static int offset(long given, int length) {
    return (int) Math.max(0, Math.min(length, given < 0 ? given + length : given));
  }

  private static Object found(String name, String text, Arguments arguments, boolean last) {
    long at = find(name, text, arguments, last);
    if (at < 0) {
      throw new EvaluationError("str." + name + " did not find the substring");
    }
    return at;
  }

  private static Object count(Run run, String text, Arguments arguments) {
    String sought = arguments.bind("str.count", 1, "sub").string("sub");
    if (sought.isEmpty()) {
      return PyText.length(text) + 1L;
    }
    long count = 0;
    for (int at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length())) {
      count++;
    }
    return count;
  }

  private static Object join(Run run, String text, Arguments arguments) {
    StringBuilder out = new StringBuilder();
    Object items = arguments.bind("str.join", 1, "iterable").get("iterable");
    boolean first = true;
    for (Object item : Values.list(run, items)) {
      if (!(Values.plain(item) instanceof String part)) {
        throw new EvaluationError("str.join needs strings but found " + Values.typeName(item));
      }
      out.append(first ? "" : text).append(part);
      run.bound(out.length());
      first = false;
    }
    return run.made(out.toString());
  }

  private static Object pad(Run run, String text, Arguments arguments, String name) {
    Arguments.Bound bound = arguments.bind("str." + name, 1, "width", "fillchar");
    String fill = bound.find("fillchar") == null ? " " : bound.string("fillchar");
    if (PyText.length(fill) != 1) {
      throw new EvaluationError(
          "str.%s fills with one character but was given %s".formatted(name, PyText.length(fill)));
    }
    long width = bound.integer("width", 0);
    if (width <= PyText.length(text)) {
      return text;
    }
    run.bound(width);
    long missing = width - PyText.length(text);
    long left =
        switch (name) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return run.made(fill.repeat((int) left) + text + fill.repeat((int) (missing - left)));
  }

  private static Object zeroFill(Run run, String text, Arguments arguments) {
    long width = arguments.bind("str.zfill", 1, "width").integer("width", 0);
    if (width <= PyText.length(text)) {
      return text;
    }
    run.bound(width);
    long missing = width - PyText.length(text);
    boolean signed = text.startsWith("+") || text.startsWith("-");
    String sign = signed ? text.substring(0, 1) : "";
    return run.made(sign + "0".repeat((int) missing) + text.substring(sign.length()));
  }

  private static Object partition(String text, Arguments arguments, boolean last) {
    String mark = arguments.bind("str.partition", 1, "sep").string("sep");
    if (mark.isEmpty()) {
      throw new EvaluationError("a separator must be a non-empty string");
    }
    int at = last ? text.lastIndexOf(mark) : text.indexOf(mark);
    if (at < 0) {
      return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
    }
    return Tuple.of(text.substring(0, at), mark, text.substring(at + mark.length()));
  }

  private static Object expandTabs(Run run, String text, Arguments arguments) {
    long size = arguments.bind("str.expandtabs", 0, "tabsize").integer("tabsize", 8);
    StringBuilder out = new StringBuilder();
    long column = 0;
    for (char c : text.toCharArray()) {
      if (c == '\t') {
        long blanks = size <= 0 ? 0 : size - column % size;
        run.bound(blanks);
        run.bound(out.length() + blanks);
        out.append(" ".repeat((int) blanks));
        column += blanks;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return run.made(out.toString());
  }
}
