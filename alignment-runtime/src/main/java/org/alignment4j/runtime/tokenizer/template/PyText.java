package org.alignment4j.runtime.tokenizer.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.IntPredicate;

/** Strings as sequences of code points, with Python's notion of white space and line ends. */
final class PyText {

  private PyText() {}

  static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static Iterator<Object> characters(String text) {
    PrimitiveIterator.OfInt codePoints = text.codePoints().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return codePoints.hasNext();
      }

      @Override
      public Object next() {
        return Character.toString(codePoints.nextInt());
      }
    };
  }

  /** The text between two code point offsets, which must lie within it. */
  static String part(String text, int start, int end) {
    int from = text.offsetByCodePoints(0, start);
    return text.substring(from, text.offsetByCodePoints(from, end - start));
  }

  static int compare(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogates = Character.isSurrogate(x) || Character.isSurrogate(y);
        boolean both = Character.isSurrogate(x) && Character.isSurrogate(y);
        return surrogates && !both ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Strips white space, or any of the given characters, where {@code characters} is a string. */
  static String strip(String text, Object characters, boolean left, boolean right) {
    IntPredicate stripped;
    if (characters == None.NONE) {
      stripped = PyText::isSpace;
    } else if (characters instanceof String set) {
      stripped = c -> set.indexOf(c) >= 0;
    } else {
      throw new EvaluationError(
          "characters to strip must be a string or none but were " + Values.typeName(characters));
    }
    int start = 0;
    int end = text.length();
    while (left && start < end && stripped.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && stripped.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static boolean isLineEnd(char c) {
    return (c >= 0x0a && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static List<Object> lines(String text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int start = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (!isLineEnd(c)) {
        i++;
        continue;
      }
      int end = i;
      i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 2 : 1;
      lines.add(text.substring(start, keepEnds ? i : end));
      start = i;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  /**
   * At most {@code max} splits (all if negative) at white space or at a separator, from the left.
   */
  static List<Object> split(String text, Object separator, long max) {
    List<Object> parts = new ArrayList<>();
    if (separator == None.NONE) {
      int i = 0;
      while (true) {
        while (i < text.length() && isSpace(text.charAt(i))) {
          i++;
        }
        if (i == text.length()) {
          return parts;
        }
        if (max >= 0 && parts.size() >= max) {
          parts.add(text.substring(i));
          return parts;
        }
        int start = i;
        while (i < text.length() && !isSpace(text.charAt(i))) {
          i++;
        }
        parts.add(text.substring(start, i));
      }
    }
    String mark = separator(separator);
    int start = 0;
    for (int at = text.indexOf(mark);
        at >= 0 && (max < 0 || parts.size() < max);
        at = text.indexOf(mark, start)) {
      parts.add(text.substring(start, at));
      start = at + mark.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** As {@link #split}, from the right. */
  static List<Object> splitFromRight(String text, Object separator, long max) {
    List<Object> parts = new ArrayList<>();
    if (separator == None.NONE) {
      int i = text.length();
      while (true) {
        while (i > 0 && isSpace(text.charAt(i - 1))) {
          i--;
        }
        if (i == 0) {
          return parts;
        }
        if (max >= 0 && parts.size() >= max) {
          parts.add(0, text.substring(0, i));
          return parts;
        }
        int end = i;
        while (i > 0 && !isSpace(text.charAt(i - 1))) {
          i--;
        }
        parts.add(0, text.substring(i, end));
      }
    }
    String mark = separator(separator);
    int end = text.length();
    for (int at = text.lastIndexOf(mark);
        at >= 0 && (max < 0 || parts.size() < max);
        at = end < mark.length() ? -1 : text.lastIndexOf(mark, end - mark.length())) {
      parts.add(0, text.substring(at + mark.length(), end));
      end = at;
    }
    parts.add(0, text.substring(0, end));
    return parts;
  }

  private static String separator(Object separator) {
    if (separator instanceof String mark && !mark.isEmpty()) {
      return mark;
    }
    throw new EvaluationError("a separator must be a non-empty string");
  }
}
