package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.alignment4j.api.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowReaderTest {

  @TempDir Path folder;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private Path file(String name, String content) throws IOException {
    return file(name, content.getBytes(UTF_8));
  }

  private static List<String> texts(Path file, ReadOptions options) {
    return Dataset.read(file, options, row -> row.string("t"));
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  @Test
  void readsLinesOfEveryEndingAndSkipsBlankOnes() throws IOException {
    Path file = file("a.jsonl", "\uFEFF{\"t\":\"ä\"}\r\n\n  \n{\"t\":\"b\"}\n{\"t\":\"😀\"}");
    assertThat(texts(file, ReadOptions.strict())).containsExactly("ä", "b", "😀");
  }

  @Test
  void reportHashesTheStoredBytes() throws Exception {
    byte[] stored = gzip("{\"t\":\"a\"}\n{\"t\":\"b\"}\n".getBytes(UTF_8));
    Path file = file("a.jsonl.gz", stored);
    Dataset<String> data = Dataset.read(file, ReadOptions.strict(), row -> row.string("t"));
    assertThat(data).containsExactly("a", "b");
    String expected = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(stored));
    assertThat(data.report().sha256()).contains(expected);
    assertThat(data.report().rows()).isEqualTo(2);
  }

  @Test
  void dataWithoutAFileIsReadAlikeAndNamedInFaults() throws Exception {
    byte[] bytes = "{\"t\":\"a\"}\n{\"t\":5}\n".getBytes(UTF_8);
    AtomicBoolean closed = new AtomicBoolean();
    InputStream content =
        new ByteArrayInputStream(bytes) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    Dataset<String> data =
        Dataset.read("rows.jsonl", content, ReadOptions.tolerant(), row -> row.string("t"));
    assertThat(data).containsExactly("a");
    assertThat(closed).isTrue();
    assertThat(data.report().sha256())
        .contains(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    assertThatThrownBy(
            () ->
                Dataset.read(
                    "rows.jsonl",
                    new ByteArrayInputStream(bytes),
                    ReadOptions.strict(),
                    row -> row.string("t")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("rows.jsonl, line 2, field 't'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"t\":1, \"t\":2}|DUPLICATE_KEY|occurs twice",
        "{\"t\":{\"a\":1,\"a\":2}}|DUPLICATE_KEY|occurs twice",
        "{\"t\":|SYNTAX|not valid JSON",
        "[1,2]|SYNTAX|must be a JSON object",
        "{\"t\":\"a\"} {\"t\":\"b\"}|SYNTAX|one JSON object",
        "{\"t\":NaN}|SYNTAX|not valid JSON",
        "{\"u\":\"a\"}|MISSING_FIELD|missing",
        "{\"t\":null}|MISSING_FIELD|null",
        "{\"t\":5}|WRONG_TYPE|must be a string but was '5'",
        "{\"t\":[[[[[[1]]]]]]}|TOO_LARGE|bounds",
        "{\"t\":\"0123456789012345678901234567890123456789\"}|TOO_LARGE|bounds",
        "{\"t\":\"012345678901234567890123456789\",\"u\":\"01234567890123456789\"}|TOO_LARGE|at most 60"
      })
  void brokenLineIsAnErrorInStrictAndCountedInTolerant(String line, Fault fault, String message)
      throws IOException {
    Path file = file("a.jsonl", "{\"t\":\"first\"}\n" + line + "\n{\"t\":\"last\"}\n");
    DataLimits limits =
        DataLimits.DEFAULT.withMaxLineBytes(60).withMaxDepth(5).withMaxStringChars(35);

    assertThatThrownBy(() -> texts(file, ReadOptions.strict().withLimits(limits)))
        .asInstanceOf(throwable(DataFormatException.class))
        .hasMessageContaining("a.jsonl, line 2")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.line()).hasValue(2));

    ReadOptions tolerant = ReadOptions.tolerant().withLimits(limits);
    Dataset<String> data = Dataset.read(file, tolerant, row -> row.string("t"));
    assertThat(data).containsExactly("first", "last");
    assertThat(data.report().count(fault)).isEqualTo(1);
    assertThat(data.report().skippedRows()).isEqualTo(1);
    assertThat(data.report().kept()).isEqualTo(2);
    assertThat(data.report().skipped().get(0).toString())
        .startsWith(file + ":2: ")
        .contains(message);
  }

  /** File, line, column and rule stand in a message once, in the product's own words. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"t\":\"a\"|column 9: Unexpected end-of-input: expected close marker for Object (start marker at column 1)",
        "{\"t\":[1}|column 8: Unexpected close marker '}': expected ']' (for Array starting at column 6)",
        "{\"t\":tru}|column 6: Unrecognized token 'tru'"
      })
  void brokenJsonIsSaidPlainly(String row, String problem) throws IOException {
    Path file = file("a.jsonl", "{\"t\":\"first\"}\n" + row + "\n");
    assertThatThrownBy(() -> texts(file, ReadOptions.strict()))
        .asInstanceOf(throwable(DataFormatException.class))
        .hasMessageContaining("not valid JSON at " + problem)
        .hasMessageEndingWith("(" + file + ", line 2)")
        .satisfies(
            e ->
                assertThat(e.problem())
                    .doesNotContain("REDACTED")
                    .doesNotContainIgnoringCase("source")
                    .doesNotContain("line"));
  }

  @Test
  void anotherLineOfABrokenListIsNamed() throws IOException {
    Path file = file("a.json", "[{\"t\":\"a\"},\n {\"t\":\"b\"\n ");
    assertThatThrownBy(() -> texts(file, ReadOptions.strict()))
        .hasMessageContaining("not valid JSON at column ")
        .hasMessageContaining("at line 2, column 2")
        .message()
        .doesNotContain("REDACTED");
  }

  @Test
  void mixedEncodingsAreRefusedRowByRow() throws IOException {
    byte[] latin = "{\"t\":\"é\"}\n".getBytes(ISO_8859_1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("{\"t\":\"é\"}\n".getBytes(UTF_8));
    bytes.write(latin);
    bytes.write("{\"t\":\"z\"}\n".getBytes(UTF_8));
    Path file = file("a.jsonl", bytes.toByteArray());
    assertThatThrownBy(() -> texts(file, ReadOptions.strict()))
        .hasMessageContaining("line 2")
        .hasMessageContaining("UTF-8");
    Dataset<String> data = Dataset.read(file, ReadOptions.tolerant(), row -> row.string("t"));
    assertThat(data).containsExactly("é", "z");
    assertThat(data.report().count(Fault.ENCODING)).isEqualTo(1);
  }

  @Test
  void mixedEncodingsInCsvAndJsonListsToo() throws IOException {
    Path csv = file("a.csv", "t,u\né,1\nb,2\n".getBytes(ISO_8859_1));
    Dataset<String> cells = Dataset.read(csv, ReadOptions.tolerant(), row -> row.string("t"));
    assertThat(cells).containsExactly("b");
    assertThat(cells.report().skipped().get(0).field()).contains("t");
    Path json = file("a.json", "[{\"t\":\"é\"},\n{\"t\":\"b\"}]".getBytes(ISO_8859_1));
    Dataset<String> list = Dataset.read(json, ReadOptions.tolerant(), row -> row.string("t"));
    assertThat(list).containsExactly("b");
    assertThat(list.report().count(Fault.ENCODING)).isEqualTo(1);
  }

  @Test
  void utf16IsNamed() throws IOException {
    Path file = file("a.jsonl", "{\"t\":\"a\"}".getBytes(UTF_16));
    assertThatThrownBy(() -> texts(file, ReadOptions.tolerant())).hasMessageContaining("UTF-16");
  }

  @Test
  void gzipBombIsStopped() throws IOException {
    Path file = file("bomb.jsonl.gz", gzip(new byte[8 << 20]));
    assertThatThrownBy(() -> texts(file, ReadOptions.tolerant()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("gzip ratio must be at most 200");
  }

  @Test
  void cutGzipIsAnErrorEvenInTolerantMode() throws IOException {
    byte[] whole = gzip("{\"t\":\"a\"}\n".repeat(1000).getBytes(UTF_8));
    Path file = file("cut.jsonl.gz", Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> texts(file, ReadOptions.tolerant()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("cut short");
  }

  @Test
  void aLineBeyondTheBoundCostsNoMemoryAndTheNextIsRead() throws IOException {
    Path file = file("a.jsonl", "{\"t\":\"" + "x".repeat(3_000_000) + "\"}\n{\"t\":\"b\"}\n");
    ReadOptions options =
        ReadOptions.tolerant().withLimits(DataLimits.DEFAULT.withMaxLineBytes(1000));
    assertThat(texts(file, options)).containsExactly("b");
  }

  @Test
  void readsAJsonListAndNamesLines() throws IOException {
    Path file = file("a.json", "\n[\n {\"t\":\"a\"},\n 7,\n {\"t\":\n\"b\"}]\n");
    Dataset<String> data = Dataset.read(file, ReadOptions.tolerant(), row -> row.string("t"));
    assertThat(data).containsExactly("a", "b");
    assertThat(data.report().skipped().get(0).line()).isEqualTo(4);
    Path broken = file("b.json", "[{\"t\":\"a\"},\n{\"t\" \"b\"}]");
    assertThatThrownBy(() -> texts(broken, ReadOptions.tolerant()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("line 2");
    Path lines = file("c.json", "{\"t\":\"a\"}\n{\"t\":\"b\"}\n");
    assertThat(texts(lines, ReadOptions.strict())).containsExactly("a", "b");
  }

  @Test
  void readsCsvWithQuotesAndLineBreaks() throws IOException {
    Path file = file("a.csv", "t,n\r\n\"a \"\"q\"\"\nnext\",1.5\r\nb\r\nc,x\r\n");
    Dataset<Double> data =
        Dataset.read(
            file, ReadOptions.tolerant(), row -> row.number("n") + row.string("t").length());
    assertThat(data).containsExactly(1.5 + 10);
    assertThat(data.report().count(Fault.SYNTAX)).isEqualTo(1);
    assertThat(data.report().count(Fault.WRONG_TYPE)).isEqualTo(1);
    assertThat(data.report().skipped()).extracting(SkippedRow::line).containsExactly(4L, 5L);
  }

  @Test
  void csvFaultsThatEndTheFile() throws IOException {
    Path twice = file("a.csv", "t,t\n1,2\n");
    assertThatThrownBy(() -> texts(twice, ReadOptions.tolerant()))
        .hasMessageContaining("occurs twice")
        .hasMessageContaining("'t'");
    Path open = file("b.csv", "t,u\na,\"never closed\n");
    assertThatThrownBy(() -> texts(open, ReadOptions.tolerant()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("cannot read CSV");
    Path huge = file("c.csv", "t,u\na," + "x".repeat(200_000) + "\n");
    ReadOptions bounded =
        ReadOptions.tolerant().withLimits(DataLimits.DEFAULT.withMaxStringChars(1000));
    assertThatThrownBy(() -> texts(huge, bounded)).isInstanceOf(DataFormatException.class);
  }

  @Test
  void fieldsAreMappedAndErrorsNameTheFieldInTheFile() throws IOException {
    Path file = file("a.tsv", "question\tx\nwhy\t1\n");
    ReadOptions options = ReadOptions.strict().withField("t", "question").withField("n", "count");
    assertThat(texts(file, options)).containsExactly("why");
    assertThatThrownBy(() -> Dataset.read(file, options, row -> row.number("n")))
        .hasMessageContaining("field 'count'")
        .hasMessageContaining("[question, x]");
  }

  @Test
  void nestedPlacesAreNamed() throws IOException {
    Path file = file("a.jsonl", "{\"m\":[{\"r\":1},{\"s\":2}],\"o\":{\"k\":true},\"v\":[1,2.5]}");
    assertThat(Dataset.read(file, ReadOptions.strict(), row -> row.object("o").bool("k")))
        .containsExactly(true);
    assertThat(Dataset.read(file, ReadOptions.strict(), row -> row.numbers("v")).get(0))
        .containsExactly(1, 2.5);
    assertThatThrownBy(
            () ->
                Dataset.read(
                    file, ReadOptions.strict(), row -> row.objects("m").get(1).integer("r")))
        .hasMessageContaining("field 'm[1].r'");
  }

  @Test
  void listedRowsAreBoundedWhileAllAreCounted() throws IOException {
    Path file = file("a.jsonl", "{}\n".repeat(50));
    Dataset<String> data =
        Dataset.read(file, ReadOptions.tolerant().withMaxListed(3), row -> row.string("t"));
    assertThat(data.report().skipped()).hasSize(3);
    assertThat(data.report().count(Fault.MISSING_FIELD)).isEqualTo(50);
    assertThat(data.report().summary()).contains("0 of 50 rows read, 50 missing field");
  }

  @Test
  void complaintsOfLoadersCarryThePlace() throws IOException {
    Path file = file("a.jsonl", "{\"t\":\"a\\u001b[31m\"}");
    assertThatThrownBy(
            () ->
                Dataset.read(
                    file,
                    ReadOptions.strict(),
                    row -> {
                      throw new IllegalArgumentException("label must be A or B");
                    }))
        .isInstanceOf(DataFormatException.class)
        .hasMessage("label must be A or B (" + file + ", line 1)");
    assertThatThrownBy(() -> Dataset.read(file, ReadOptions.strict(), row -> row.number("t")))
        .hasMessageContaining("\\u001b[31m");
  }

  @Test
  void missingFilesAndUnknownFormatsAreNamed() {
    assertThatThrownBy(() -> texts(folder.resolve("none.jsonl"), ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("must exist");
    assertThatThrownBy(() -> texts(folder.resolve("a.parquet"), ReadOptions.strict()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Parquet");
  }
}
