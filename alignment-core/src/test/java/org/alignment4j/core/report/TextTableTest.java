package org.alignment4j.core.report;

import static org.assertj.core.api.Assertions.assertThat;

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
}
