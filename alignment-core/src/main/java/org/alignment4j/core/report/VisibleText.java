package org.alignment4j.core.report;

import java.util.Locale;
import org.apiguardian.api.API;

/**
 * Makes characters visible that would act on a reader's screen instead of being read: terminal
 * escapes and other controls, right-to-left overrides and other invisible format characters, lone
 * surrogates, noncharacters. Each stands as its number, such as {@code [U+001B]}. Reports and
 * tables do this themselves; programs use it for other text of unknown origin that they print.
 * Stateless, thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class VisibleText {

  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private VisibleText() {}

  /**
   * Returns text of several lines: line feeds and tabs stay, carriage returns before line feeds go.
   *
   * @param text any text
   */
  public static String lines(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.replace("\r\n", "\n").codePoints().forEach(c -> append(visible, c));
    return visible.toString();
  }

  /**
   * Returns text of one line: as {@link #lines}, but a line feed is shown as {@code ⏎} and a tab as
   * a blank.
   *
   * @param text any text
   */
  public static String oneLine(String text) {
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
        || isNoncharacter(c)
        || (type == Character.FORMAT && c != ZERO_WIDTH_JOINER && c != ZERO_WIDTH_NON_JOINER)) {
      visible.append(String.format(Locale.ROOT, "[U+%04X]", c));
    } else {
      visible.appendCodePoint(c);
    }
  }

  /** The last two of each plane and a block of 32, which no document may contain. */
  private static boolean isNoncharacter(int c) {
    return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
  }
}
