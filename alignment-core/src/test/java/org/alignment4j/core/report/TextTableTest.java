package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void alignsFiguresRightAndWordsLeft() {
    Table table =
        Table.of("model", "right", "n")
            .row(Cell.text("base"), Cell.percent(Estimates.proportion(8, 10)), Cell.count(10))
            .row(Cell.text("aligned"), Cell.percent(Estimates.proportion(0, 0)), Cell.count(7));
    assertThat(TextTable.render(table))
        .isEqualTo(
            """
            model                  right   n
            ───────  ───────────────────  ──
            base     80.0 % [49.0, 94.3]  10
            aligned                    –   7
            """);
  }

  @Test
  void wideAndCombiningCharactersKeepTheColumns() {
    Table table =
        Table.of("a", "b")
            .row(Cell.text("日本"), Cell.text("x"))
            .row(Cell.text("e\u0301"), Cell.text("x"))
            .row(Cell.text("😀"), Cell.text("x"));
    List<String> lines = TextTable.render(table).lines().toList();
    assertThat(lines.get(2)).isEqualTo("日本  x");
    assertThat(lines.get(3)).isEqualTo("e\u0301     x");
    assertThat(lines.get(4)).isEqualTo("😀    x");
  }

  @Test
  void terminalEscapesAndLineBreaksDoNotReachTheConsole() {
    String text =
        TextTable.render(Table.of("h\u001b[2J").row(Cell.text("a\nb\u001b]0;title\u0007\u202E")));
    assertThat(text).doesNotContain("\u001b", "\u0007", "\u202E");
    assertThat(text.lines()).hasSize(3);
  }

  @Test
  void noRowsIsAHeader() {
    assertThat(TextTable.render(Table.of("a", "long name")))
        .startsWith("a  long name\n─  ─────────");
  }

  private static Table wide() {
    return Table.of("model", "held-out pairs ranked right", "n")
        .row(Cell.text("base"), Cell.percent(Estimates.proportion(8, 10)), Cell.count(10))
        .row(Cell.text("aligned"), Cell.percent(Estimates.proportion(0, 0)), Cell.count(7));
  }

  @Test
  void namesOfColumnsAreBrokenWhereTheTableIsTooWide() {
    assertThat(TextTable.render(wide(), 40)).isEqualTo(TextTable.render(wide()));
    assertThat(TextTable.render(wide(), 39))
        .isEqualTo(
            """
            model         held-out pairs   n
                            ranked right
            ───────  ───────────────────  ──
            base     80.0 % [49.0, 94.3]  10
            aligned                    –   7
            """);
  }

  @Test
  void intervalsGoBelowTheirFiguresWhereTheTableIsStillTooWide() {
    assertThat(TextTable.render(wide(), 30))
        .isEqualTo(
            """
            model        held-out   n
                     pairs ranked
                            right
            ───────  ────────────  ──
            base           80.0 %  10
                     [49.0, 94.3]
            aligned             –   7
            """);
    assertThat(TextTable.render(wide(), 1))
        .as("nothing is cut")
        .isEqualTo(TextTable.render(wide(), 30));
    assertThatThrownBy(() -> TextTable.render(wide(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width must be at least 1 but was 0");
  }

  @Test
  void textFromRightToLeftIsIsolatedFromTheColumnsBesideIt() {
    String hebrew = "\u05d0\u05d1";
    List<String> lines =
        TextTable.render(Table.of("a", hebrew).row(Cell.text(hebrew), Cell.count(1)))
            .lines()
            .toList();
    String isolated = "\u2068" + hebrew + "\u2069";
    assertThat(lines.get(0)).isEqualTo("a   " + isolated);
    assertThat(lines.get(2)).isEqualTo(isolated + "   1");
  }

  @Test
  void nothingThatActsOnAScreenReachesTheConsole() {
    String acting = "a\u202Eb\u2067c\u200Fd\u001b[31me\u009bf\uD800g\u0000h\ri\u2028j";
    String text =
        TextTable.render(Table.of(acting, acting).row(Cell.text(acting), Cell.text(acting)), 20);
    assertThat(text.lines())
        .allSatisfy(l -> assertThat(l).doesNotContainPattern("\\p{Cc}|\\p{Cf}"));
    assertThat(text)
        .contains("a[U+202E]b[U+2067]c[U+200F]d[U+001B][31me[U+009B]f[U+D800]g[U+0000]");
  }

  @Test
  void namesStayWholeWhereIntervalsBelowAreEnough() {
    Table table =
        Table.of("right answers", "harmful refused")
            .row(
                Cell.percent(Estimates.proportion(8, 10)),
                Cell.percent(Estimates.proportion(8, 10)));
    assertThat(TextTable.render(table, 30))
        .isEqualTo(
            """
            right answers  harmful refused
            ─────────────  ───────────────
                   80.0 %           80.0 %
             [49.0, 94.3]     [49.0, 94.3]
            """);
  }
}
