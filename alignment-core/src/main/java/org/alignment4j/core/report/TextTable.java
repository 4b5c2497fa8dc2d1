package org.alignment4j.core.report;

import java.text.Bidi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.apiguardian.api.API;

/**
 * Writes a {@link Table} as aligned text for a console with a monospaced font. East Asian wide
 * characters and emoji count as two columns, combining marks as none; controls and terminal escapes
 * are made visible, and text from right to left does not reorder its neighbours.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextTable {

  private static final String GAP = "  ";

  private static final char FIRST_STRONG_ISOLATE = '\u2068';
  private static final char POP_ISOLATE = '\u2069';

  private TextTable() {}

  /** Returns the table as lines, each ended by a line feed. */
  public static String render(Table table) {
    return new Layout(table, false, false).render();
  }

  /**
   * Returns the table in lines that fit a console. Where one line a row is too wide, the columns'
   * names are broken between words; where that is not enough, intervals go below their figures; at
   * last both. A table that is wider even so stays so: text is never cut.
   *
   * @param table the table
   * @param width console columns to fit, such as 100
   * @throws IllegalArgumentException if the width is not positive
   */
  public static String render(Table table, int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width must be at least 1 but was " + width);
    }
    Layout layout = new Layout(table, false, false);
    if (layout.width() > width) {
      layout = new Layout(table, true, false);
    }
    if (layout.width() > width) {
      layout = new Layout(table, false, true);
    }
    if (layout.width() > width) {
      layout = new Layout(table, true, true);
    }
    return layout.render();
  }

  /** One way to lay a table out: every cell and every name as lines. */
  private static final class Layout {

    private final Table table;
    private final List<List<String>> header = new ArrayList<>();
    private final List<List<List<String>>> rows = new ArrayList<>();
    private final int[] widths;

    Layout(Table table, boolean breakNames, boolean stack) {
      this.table = table;
      this.widths = new int[table.columns().size()];
      for (List<Cell> row : table.rows()) {
        List<List<String>> cells = new ArrayList<>();
        for (int c = 0; c < widths.length; c++) {
          cells.add(stack ? stacked(row.get(c)) : List.of(shown(row.get(c).plain())));
          widen(c, cells.get(c));
        }
        rows.add(cells);
      }
      for (int c = 0; c < widths.length; c++) {
        String name = shown(table.columns().get(c));
        header.add(breakNames ? broken(name, widths[c]) : List.of(name));
        widen(c, header.get(c));
      }
    }

    private void widen(int column, List<String> lines) {
      for (String line : lines) {
        widths[column] = Math.max(widths[column], TextTable.width(line));
      }
    }

    private static List<String> stacked(Cell cell) {
      return cell.aside().isEmpty()
          ? List.of(shown(cell.main()))
          : List.of(shown(cell.main()), shown(cell.aside()));
    }

    /** Lines of whole words, no wider than a width unless a single word is. */
    private static List<String> broken(String name, int width) {
      List<String> lines = new ArrayList<>();
      String line = "";
      for (String word : name.split(" ", -1)) {
        String longer = line.isEmpty() ? word : line + " " + word;
        if (!line.isEmpty() && TextTable.width(longer) > width) {
          lines.add(line);
          line = word;
        } else {
          line = longer;
        }
      }
      lines.add(line);
      return lines;
    }

    int width() {
      return Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
    }

    String render() {
      StringBuilder text = new StringBuilder();
      append(text, header);
      StringJoiner rule = new StringJoiner(GAP);
      for (int width : widths) {
        rule.add("─".repeat(width));
      }
      text.append(rule).append('\n');
      rows.forEach(row -> append(text, row));
      return text.toString();
    }

    private void append(StringBuilder text, List<List<String>> cells) {
      int lines = cells.stream().mapToInt(List::size).max().orElse(1);
      for (int i = 0; i < lines; i++) {
        StringJoiner line = new StringJoiner(GAP);
        for (int c = 0; c < widths.length; c++) {
          String part = i < cells.get(c).size() ? cells.get(c).get(i) : "";
          line.add(padded(part, widths[c], table.numeric(c)));
        }
        text.append(line.toString().stripTrailing()).append('\n');
      }
    }
  }

  /**
   * On one line, with nothing that acts on the console. Text from right to left is isolated, or a
   * console that orders both directions would move the columns beside it.
   */
  private static String shown(String cell) {
    String line = VisibleText.oneLine(cell);
    char[] chars = line.toCharArray();
    return Bidi.requiresBidi(chars, 0, chars.length)
        ? FIRST_STRONG_ISOLATE + line + POP_ISOLATE
        : line;
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
