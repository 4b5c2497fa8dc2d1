package org.alignment4j.runtime.tokenizer.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Filters that make strings. */
final class TextFilters {

  static final Map<String, TemplateMethod> ALL =
      Map.ofEntries(
          Map.entry("trim", TextFilters::trim),
          Map.entry("upper", plain("upper", PyCase::upper)),
          Map.entry("lower", plain("lower", PyCase::lower)),
          Map.entry("capitalize", plain("capitalize", PyCase::capitalize)),
          Map.entry("title", plain("title", TextFilters::title)),
          Map.entry("string", (r, v, a) -> v instanceof Markup ? v : Repr.text(r, v)),
          Map.entry("pprint", (r, v, a) -> Repr.of(r, v)),
          Map.entry("replace", TextFilters::replace),
          Map.entry("format", TextFilters::format),
          Map.entry("tojson", Json::write),
          Map.entry("safe", (r, v, a) -> new Markup(Repr.text(r, v))),
          Map.entry("escape", TextFilters::escape),
          Map.entry("e", TextFilters::escape),
          Map.entry("forceescape", (r, v, a) -> new Markup(r.made(Markup.escape(Repr.text(r, v))))),
          Map.entry("striptags", TextFilters::stripTags),
          Map.entry("urlencode", TextFilters::urlEncode));

  private TextFilters() {}

  private static TemplateMethod plain(String name, UnaryOperator<String> operation) {
    return (run, value, arguments) -> {
      arguments.bind("filter " + name, 0);
      return run.made(operation.apply(Repr.text(run, value)));
    };
  }

  private static Object trim(Run run, Object value, Arguments arguments) {
    Object characters = arguments.bind("filter trim", 0, "chars").get("chars");
    return run.made(PyText.strip(Repr.text(run, value), characters, true, true));
  }

  /** Jinja's title case: words begin after blanks, hyphens and opening brackets. */
  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean start = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      String character = Character.toString(c);
      out.append(start ? PyCase.upper(character) : PyCase.lower(character));
      start = PyText.isSpace(c) || "-({[<".indexOf(c) >= 0;
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static Object replace(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter replace", 2, "old", "new", "count");
    Object count = bound.get("count");
    return StringMethods.replace(
        run,
        Repr.text(run, value),
        Repr.text(run, bound.get("old")),
        Repr.text(run, bound.get("new")),
        count == None.NONE ? -1 : Numbers.integer("the count of filter replace", count));
  }

  private static Object format(Run run, Object value, Arguments arguments) {
    Object values =
        arguments.named().isEmpty()
            ? new Tuple(arguments.positional())
            : new LinkedHashMap<Object, Object>(arguments.named());
    return Printf.format(run, Repr.text(run, value), values);
  }

  private static Object escape(Run run, Object value, Arguments arguments) {
    return value instanceof Markup
        ? value
        : new Markup(run.made(Markup.escape(Repr.text(run, value))));
  }

  private static Object stripTags(Run run, Object value, Arguments arguments) {
    String text = Repr.text(run, value);
    StringBuilder out = new StringBuilder();
    int start = 0;
    while (start < text.length()) {
      int open = text.indexOf('<', start);
      int close = open < 0 ? -1 : text.indexOf('>', open);
      if (close < 0) {
        break;
      }
      out.append(text, start, open);
      start = close + 1;
    }
    out.append(text.substring(start));
    List<String> words = new ArrayList<>();
    PyText.split(out.toString(), None.NONE, -1).forEach(word -> words.add((String) word));
    return run.made(String.join(" ", words));
  }

  private static Object urlEncode(Run run, Object value, Arguments arguments) {
    if (!(value instanceof Map<?, ?> map)) {
      return run.made(quote(Repr.text(run, value), "/"));
    }
    List<String> pairs = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = quote(Repr.text(run, Values.notNull(entry.getKey())), "");
      String shown = quote(Repr.text(run, Values.notNull(entry.getValue())), "");
      pairs.add((key + "=" + shown).replace("%20", "+"));
    }
    return run.made(String.join("&", pairs));
  }

  private static String quote(String text, String safe) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean kept =
          (c < 128 && Character.isLetterOrDigit(c))
              || "_.-~".indexOf(c) >= 0
              || safe.indexOf(c) >= 0;
      out.append(kept ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return out.toString();
  }
}
