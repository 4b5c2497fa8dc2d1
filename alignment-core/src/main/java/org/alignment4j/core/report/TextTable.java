package org.alignment4j.core.report;

import java.util.List;
import java.util.StringJoiner;
import org.apiguardian.api.API;

/**
 * Writes a {@link Table} as aligned text for a console with a monospaced font. East Asian wide
 * characters and emoji count as two columns, combining marks as none; controls and terminal escapes
 * are made visible.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextTable {

  private static final String GAP = "  ";

  private TextTable() {}

  /** Returns the table as lines, each ended by a line feed. */
  public static String render(Table table) {
    int columns = table.columns().size();
    int[] widths = new int[columns];
    for (int c = 0; c < columns; c++) {
      widths[c] = width(VisibleText.oneLine(table.columns().get(c)));
      for (List<Cell> row : table.rows()) {
        widths[c] = Math.max(widths[c], width(shown(row.get(c))));
      }
    }
    StringBuilder text = new StringBuilder();
    StringJoiner header = new StringJoiner(GAP);
    StringJoiner rule = new StringJoiner(GAP);
    for (int c = 0; c < columns; c++) {
      String name = VisibleText.oneLine(table.columns().get(c));
      header.add(padded(name, widths[c], table.numeric(c)));
      rule.add("─".repeat(widths[c]));
    }
    text.append(header.toString().stripTrailing()).append('\n').append(rule).append('\n');
    for (List<Cell> row : table.rows()) {
      StringJoiner line = new StringJoiner(GAP);
      for (int c = 0; c < columns; c++) {
        line.add(padded(shown(row.get(c)), widths[c], table.numeric(c)));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String shown(Cell cell) {
    return VisibleText.oneLine(cell.plain());
  }

  private static String padded(String text, int width, boolean right) {
    String padding = " ".repeat(width - width(text));
    return right ? padding + text : text + padding;
  }

  /** Console columns that a text takes. */
  static int width(String text) {
    return text.codePoints().map(TextTable::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return wide(c) ? 2 : 1;
  }

  /** Blocks of Unicode's East Asian Width classes W and F (UAX #11), and emoji. */
  private static boolean wide(int c) {
    return (c >= 0x1100 && c <= 0x115f)
        || (c >= 0x2e80 && c <= 0x303e)
        || (c >= 0x3041 && c <= 0xa4cf)
        || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0xfe30 && c <= 0xfe6f)
        || (c >= 0xff00 && c <= 0xff60)
        || (c >= 0xffe0 && c <= 0xffe6)
        || (c >= 0x1f300 && c <= 0x1f64f)
        || (c >= 0x1f680 && c <= 0x1f6ff)
        || (c >= 0x1f900 && c <= 0x1faff)
        || (c >= 0x20000 && c <= 0x3fffd);
  }
}
