package org.alignment4j.runtime.tokenizer.template;

import java.util.List;
import java.util.Map;

/** Filters that lay out text. */
final class LayoutFilters {

  static final Map<String, TemplateMethod> ALL =
      Map.of(
          "indent", LayoutFilters::indent,
          "center", LayoutFilters::center,
          "truncate", LayoutFilters::truncate,
          "wordcount", LayoutFilters::wordCount);

  private LayoutFilters() {}

  private static Object indent(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("filter indent", 0, "width", "first", "blank");
    Object width = bound.get("width", 4L);
    String margin;
    if (width instanceof String text) {
      margin = text;
    } else {
      long blanks = Numbers.integer("the width of filter indent", width);
      run.bound(blanks);
      margin = " ".repeat((int) Math.max(0, blanks));
    }
    if (!(value instanceof String)) {
      Undefined.check(value);
      throw new EvaluationError("filter indent needs a string but got " + Values.typeName(value));
    }
    List<Object> lines = PyText.lines(value + "\n", false);
    StringBuilder out = new StringBuilder(bound.flag("first") ? margin : "");
    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      boolean indented = i > 0 && (bound.flag("blank") || !line.isEmpty());
      out.append(i > 0 ? "\n" : "").append(indented ? margin : "").append(line);
      run.bound(out.length());
    }
    return run.made(out.toString());
  }

  private static Object center(Run run, Object value, Arguments arguments) {
    Object width = arguments.bind("filter center", 0, "width").get("width", 80L);
    TemplateMethod method = StringMethods.find("center");
    if (method == null) {
      throw new IllegalStateException("the method center must exist");
    }
    return method.call(run, Repr.text(run, value), Arguments.of(width));
  }

  private static Object truncate(Run run, Object value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("filter truncate", 0, "length", "killwords", "end", "leeway");
    String text = Repr.text(run, value);
    int length = bound.size("length", 255);
    String end = bound.find("end") == null ? "..." : bound.string("end");
    int leeway = bound.get("leeway") == None.NONE ? 5 : bound.size("leeway", 5);
    if (length < PyText.length(end) || leeway < 0) {
      throw new EvaluationError(
          "filter truncate needs a length of at least "
              + PyText.length(end)
              + " and a leeway >= 0");
    }
    if (PyText.length(text) <= (long) length + leeway) {
      return text;
    }
    String kept = PyText.part(text, 0, length - PyText.length(end));
    int blank = kept.lastIndexOf(' ');
    return run.made((bound.flag("killwords") || blank < 0 ? kept : kept.substring(0, blank)) + end);
  }

  private static Object wordCount(Run run, Object value, Arguments arguments) {
    String text = Repr.text(run, value);
    long words = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = Character.isLetterOrDigit(c) || c == '_' || Character.isSurrogate(c);
      words += letter && !inside ? 1 : 0;
      inside = letter;
    }
    return words;
  }
}
