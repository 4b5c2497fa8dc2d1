package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.reward.PreferencePair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cells of a table say: numbers, truth values, or nothing. */
class TableCellsTest {

  @TempDir Path folder;

  private Path csv(String text) throws IOException {
    return Files.writeString(folder.resolve("table.csv"), text, UTF_8);
  }

  private <T> T only(String cell, Function<Row, T> reader) throws IOException {
    Path file = csv("n,other\n\"" + cell + "\",x\n");
    return Dataset.read(file, ReadOptions.strict(), reader).get(0);
  }

  private double number(String cell) throws IOException {
    return only(cell, row -> row.number("n"));
  }

  private long integer(String cell) throws IOException {
    return only(cell, row -> row.integer("n"));
  }

  @Test
  void anEmptyCellOfAnOptionalColumnIsMissing() throws IOException {
    Path file =
        csv(
            """
            prompt,chosen,rejected,probability,margin,annotator
            p1,yes,no,,,
            p2,yes,no,0.75,,ann
            p3,yes,no,  ,"",
            p4,yes,no,,2.5,
            """);
    List<PreferencePair> pairs = Preferences.read(file);
    assertThat(pairs).extracting(PreferencePair::probability).containsExactly(1.0, 0.75, 1.0, 1.0);
    assertThat(pairs)
        .extracting(PreferencePair::margin)
        .containsExactly(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(2.5));
    assertThat(pairs)
        .extracting(PreferencePair::annotator)
        .containsExactly(null, "ann", null, null);
  }

  @Test
  void emptyVotesAndScoresAreMissingOnlyTogether() throws IOException {
    Path file =
        csv(
            """
            prompt,chosen,rejected,chosen_votes,rejected_votes
            p1,yes,no,,
            p2,yes,no,3,1
            p3,yes,no,3,
            """);
    Dataset<PreferencePair> pairs = Preferences.read(file, ReadOptions.tolerant());
    assertThat(pairs).extracting(PreferencePair::probability).containsExactly(1.0, 0.75);
    assertThat(pairs.report().skipped())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.line()).isEqualTo(4);
              assertThat(row.fault()).isEqualTo(Fault.MISSING_FIELD);
            });
  }

  @Test
  void anEmptyCellOfASystemColumnIsMissingInEveryForm() throws IOException {
    assertThat(Preferences.read(csv("chosen,rejected,system\nIt is so,It is not,\n")))
        .singleElement()
        .satisfies(pair -> assertThat(pair.prompt().toString()).contains("It is").contains("Text"));
  }

  @Test
  void anEmptyCellOfARequiredColumnIsAFaultWithItsPlace() throws IOException {
    Path file = csv("n,t\n1,a\n,b\n");
    for (Function<Row, ?> required :
        List.<Function<Row, ?>>of(
            row -> row.number("n"), row -> row.integer("n"), row -> row.bool("n"))) {
      assertThatThrownBy(() -> Dataset.read(file, ReadOptions.strict(), required))
          .isInstanceOfSatisfying(
              DataFormatException.class,
              e -> {
                assertThat(e.line()).hasValue(3);
                assertThat(e.field()).contains("n");
                assertThat(e).hasMessageContaining("table.csv").hasMessageContaining("empty");
              });
    }
    assertThatThrownBy(() -> Preferences.read(csv("prompt,chosen,rejected\n,yes it is,yes\n")))
        .isInstanceOfSatisfying(
            DataFormatException.class,
            e -> {
              assertThat(e.line()).hasValue(2);
              assertThat(e.field()).contains("prompt");
            });
    assertThat(Dataset.read(csv("t,u\n,x\n"), ReadOptions.strict(), row -> row.string("t")))
        .containsExactly("");
  }

  @Test
  void anEmptyTextOfAJsonFileIsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"t\":\"\"}\n", UTF_8);
    assertThat(Dataset.read(file, ReadOptions.strict(), row -> row.optionalString("t").orElse("?")))
        .containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5d",
        "5f",
        "5D",
        "1L",
        "0x1p4",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        ".5",
        "1.",
        "-.5",
        "007",
        "00",
        "1e",
        "1e+",
        "--1",
        "1_000",
        "1,5",
        "1 000",
        "\u0661",
        "e3",
        "-",
        "1e999"
      })
  void whatIsNoNumberOfJsonIsRefused(String cell) {
    assertThatThrownBy(() -> number(cell))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("finite number")
        .hasMessageContaining(cell);
    assertThatThrownBy(() -> only(cell, row -> row.optionalNumber("n")))
        .isInstanceOf(DataFormatException.class);
    assertThatThrownBy(() -> integer(cell)).isInstanceOf(DataFormatException.class);
  }

  @Test
  void numbersOfJsonAreRead() throws IOException {
    for (String cell :
        List.of("0", "-0", "7", "-12.5", "0.25", "1e3", "1E-2", "2.5e+1", " 3 ", "\t4")) {
      assertThat(number(cell)).as(cell).isEqualTo(Double.parseDouble(cell.strip()));
    }
    assertThat(integer(" -9223372036854775808 ")).isEqualTo(Long.MIN_VALUE);
    assertThatThrownBy(() -> integer("9223372036854775808")).hasMessageContaining("whole number");
    assertThatThrownBy(() -> integer("1.0")).hasMessageContaining("whole number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void anUnclosedQuoteIsSaidWhereItOpened(String end) throws IOException {
    String rows =
        "n,other\n\"a \"\"b\"\"\nc\",5\" high\n\"\",\"x\"\n\nfirst,\"not, closed\nlast,row\n";
    Path file = csv(rows.replace("\n", end));
    assertThatThrownBy(() -> Dataset.read(file, ReadOptions.tolerant(), row -> row.string("n")))
        .asInstanceOf(throwable(DataFormatException.class))
        .hasMessageContaining("a quoted cell must end with a quote")
        .hasMessageContaining("that which opens at column 7 is never closed")
        .hasMessageEndingWith("(" + file + ", line 6)")
        .satisfies(e -> assertThat(e.line()).hasValue(6))
        .satisfies(e -> assertThat(e.problem()).doesNotContain("line"));
  }

  @Test
  void textAfterAClosingQuoteIsSaidWithItsLine() throws IOException {
    Path file = csv("n,other\na,b\n\"c\"d,e\n");
    assertThatThrownBy(() -> Dataset.read(file, ReadOptions.tolerant(), row -> row.string("n")))
        .hasMessageContaining("cannot read CSV: Unexpected character after closing quote: 'd'")
        .hasMessageEndingWith("(" + file + ", line 3)");
  }

  @Test
  void aTableWithoutAHeaderTakesTheNamesOfItsColumns() throws IOException {
    ReadOptions options = ReadOptions.strict().withColumns("first", "second");
    Dataset<String> rows =
        Dataset.read(
            csv("a,1\n\"b, c\",2\n"), options, row -> row.text("first") + row.integer("second"));
    assertThat(rows).containsExactly("a1", "b, c2");
    Path ragged = csv("a,1\nb\n");
    assertThatThrownBy(() -> Dataset.read(ragged, options, row -> row.text("first")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("as many cells as there are columns, 2, but has 1")
        .hasMessageContaining("line 2");
    assertThatThrownBy(() -> ReadOptions.strict().withColumns("a", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("names that differ but were [a, a]");
    assertThat(Dataset.read(csv(""), options, row -> row.text("first"))).isEmpty();
  }
}
