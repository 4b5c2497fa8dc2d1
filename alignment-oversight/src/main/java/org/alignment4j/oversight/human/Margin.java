package org.alignment4j.oversight.human;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.core.report.VisibleText;

/**
 * Text of others on a console. Each of its lines stands behind a margin, so that none can pose as a
 * line of the program or as the beginning of another text. Long lines are broken here: where a
 * console breaks them, the rest would stand without the margin. Pure functions.
 */
final class Margin {
  /** Columns of text that stand behind a margin. */
  static final int WIDTH = 72;

  private static final String BAR = " | ";
  private static final String TAB = "    ";
  private static final int FIRST_WIDE = 0x1100;

  private Margin() {}

  /**
   * Returns the text behind its margin.
   *
   * @param label stands in the margin of the first line; of the program
   * @param text of others; characters that a console obeys are shown as their numbers
   */
  static String behind(String label, String text) {
    List<String> lines = new ArrayList<>();
    String margin = label;
    for (String line : VisibleText.lines(text).replace("\t", TAB).split("\n", -1)) {
      for (String part : broken(line)) {
        lines.add(margin + BAR + part);
        margin = " ".repeat(label.length());
      }
    }
    return String.join("\n", lines);
  }

  private static List<String> broken(String line) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    int end = fitting(line, from);
    while (end < line.length()) {
      int blank = line.lastIndexOf(' ', end);
      boolean between = blank > from;
      parts.add(line.substring(from, between ? blank : end));
      from = between ? blank + 1 : end;
      end = fitting(line, from);
    }
    parts.add(line.substring(from));
    return parts;
  }

  /** Where the columns end that a line may have; scripts of wide characters take two each. */
  private static int fitting(String line, int from) {
    int columns = 0;
    int at = from;
    while (at < line.length()) {
      int character = line.codePointAt(at);
      columns += character < FIRST_WIDE ? 1 : 2;
      if (columns > WIDTH) {
        return at;
      }
      at += Character.charCount(character);
    }
    return at;
  }
}
