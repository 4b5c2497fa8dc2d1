package org.alignment4j.core.report;

import java.util.Locale;

/**
 * Makes characters visible that would act on a reader's screen instead of being read: terminal
 * escapes and other controls, right-to-left overrides and other invisible format characters, lone
 * surrogates.
 */
final class VisibleText {

  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private VisibleText() {}

  /** Line feeds and tabs stay; carriage returns before line feeds go. */
  static String lines(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.replace("\r\n", "\n").codePoints().forEach(c -> append(visible, c));
    return visible.toString();
  }

  /** As {@link #lines}, with line feeds and tabs made visible too. */
  static String oneLine(String text) {
    return lines(text).replace("\n", "⏎").replace("\t", " ");
  }

  private static void append(StringBuilder visible, int c) {
    int type = Character.getType(c);
    if (c == '\n' || c == '\t') {
      visible.append((char) c);
    } else if (type == Character.CONTROL
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || (type == Character.FORMAT && c != ZERO_WIDTH_JOINER && c != ZERO_WIDTH_NON_JOINER)) {
      visible.append(String.format(Locale.ROOT, "[U+%04X]", c));
    } else {
      visible.appendCodePoint(c);
    }
  }
}
