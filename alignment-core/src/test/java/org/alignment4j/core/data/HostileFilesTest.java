package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.alignment4j.api.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileFilesTest {

  private static final String ROW = "{\"t\":\"a\"}\n";

  @TempDir Path folder;

  private Path file(String name, byte[]... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.write(part);
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(utf8(content));
    }
    return bytes.toByteArray();
  }

  private static Dataset<String> read(Path file, ReadOptions options) {
    return Dataset.read(file, options, row -> row.string("t"));
  }

  private static void assertRefusedInBothModes(Path file, String... messages) {
    for (ReadOptions options : List.of(ReadOptions.strict(), ReadOptions.tolerant())) {
      assertThatThrownBy(() -> read(file, options))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContainingAll(messages)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void aLineOfAHundredMegabytesIsSkippedWithinTheBound() throws IOException {
    Path file = folder.resolve("a.jsonl");
    byte[] block = new byte[1 << 20];
    Arrays.fill(block, (byte) 'x');
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(utf8(ROW + "{\"t\":\""));
      for (int i = 0; i < 100; i++) {
        out.write(block);
      }
      out.write(utf8("\"}\n" + ROW));
    }
    assertThatThrownBy(() -> read(file, ReadOptions.strict()))
        .hasMessageContaining("line 2")
        .hasMessageContaining("at most 67108864 bytes");
    com.sun.management.ThreadMXBean memory =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    Dataset<String> data =
        read(file, ReadOptions.tolerant().withLimits(DataLimits.DEFAULT.withMaxLineBytes(1 << 20)));
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    assertThat(data).containsExactly("a", "a");
    assertThat(data.report().count(Fault.TOO_LARGE)).isEqualTo(1);
    assertThat(allocated).isLessThan(16L << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u00ff"})
  void aLongColumnNameIsNotRepeatedWithEveryRow(String cell) throws IOException {
    byte[] header = utf8("n".repeat(100_000) + "\n");
    Path file = file("a.csv", header, (cell + "\n").repeat(20_000).getBytes(ISO_8859_1));
    com.sun.management.ThreadMXBean memory =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    Dataset<String> data = read(file, ReadOptions.tolerant());
    assertThat(data).isEmpty();
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    assertThat(data.report().skipped()).isNotEmpty();
    assertThat(allocated).isLessThan(256L << 20);
    assertThatThrownBy(() -> read(file, ReadOptions.strict()))
        .hasMessageContaining("line 2")
        .hasMessageContaining("nnn…")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  @Test
  void lineBoundsHoldToTheByteWhereverChunksEnd() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      int limit = 1000 + random.nextInt(30_000);
      String fits = "{\"t\":\"" + "y".repeat(limit - 8) + "\"}";
      Path file = file("a.jsonl", utf8(ROW.repeat(random.nextInt(900)) + fits + "\n" + fits + " "));
      Dataset<String> data =
          read(file, ReadOptions.tolerant().withLimits(DataLimits.DEFAULT.withMaxLineBytes(limit)));
      assertThat(data.get(data.size() - 1)).hasSize(limit - 8);
      assertThat(data.report().count(Fault.TOO_LARGE)).isEqualTo(1);
    }
  }

  @Test
  void aListElementBeyondTheBoundIsSkipped() throws IOException {
    String big = "{\"t\":\"a\",\"v\":[" + "\"xxxxxxxxx\",[1],".repeat(5000) + "{}]}";
    Path file = file("a.json", utf8("[{\"t\":\"1\"},\n" + big + ",\n{\"t\":\"2\"},[" + big + "]]"));
    ReadOptions bounded =
        ReadOptions.tolerant().withLimits(DataLimits.DEFAULT.withMaxLineBytes(40_000));
    Dataset<String> data = read(file, bounded);
    assertThat(data).containsExactly("1", "2");
    assertThat(data.report().count(Fault.TOO_LARGE)).isEqualTo(2);
    assertThat(data.report().skipped().get(0).line()).isEqualTo(2);
    assertThat(read(file, ReadOptions.tolerant())).containsExactly("1", "a", "2");
  }

  @Test
  void otherUnicodeEncodingsAreRefusedByName() throws IOException {
    String text = "{\"t\":\"a\"}";
    assertRefusedInBothModes(file("a.jsonl", utf8(""), text.getBytes(UTF_16LE)), "UTF-16");
    assertRefusedInBothModes(file("b.jsonl", text.getBytes(UTF_16BE)), "UTF-16");
    Charset utf32 = Charset.forName("UTF-32LE");
    byte[] mark = {(byte) 0xff, (byte) 0xfe, 0, 0};
    assertRefusedInBothModes(file("c.jsonl", mark, text.getBytes(utf32)), "UTF-32");
    assertRefusedInBothModes(
        file("d.csv", new byte[] {(byte) 0xfe, (byte) 0xff}, "t\n".getBytes(UTF_16BE)), "UTF-16");
  }

  @Test
  void aLatinByteIsNamedWithItsPlace() throws IOException {
    Path file = file("a.jsonl", utf8(ROW), "{\"t\":\"caf\u00e9\"}\n".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> read(file, ReadOptions.strict()))
        .hasMessageContaining("line 2")
        .hasMessageContaining("byte 0xe9 at position 10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d", "\\ude00\\ud83d", "x\\udfff"})
  void halvesOfCharactersAreRefused(String escape) throws IOException {
    Path file =
        file("a.jsonl", utf8(ROW + "{\"t\":\"" + escape + "\"}\n{\"t\":\"\\ud83d\\ude00\"}"));
    assertThatThrownBy(() -> read(file, ReadOptions.strict()))
        .hasMessageContaining("line 2")
        .hasMessageContaining("surrogate");
    assertThat(read(file, ReadOptions.tolerant())).containsExactly("a", "😀");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "+1", "01", "'a'", "undefined", "0x1"})
  void literalsOutsideJsonAreRefused(String literal) throws IOException {
    Path file = file("a.jsonl", utf8("{\"t\":\"a\",\"n\":" + literal + "}\n" + ROW));
    assertThatThrownBy(() -> read(file, ReadOptions.strict())).hasMessageContaining("line 1");
    Dataset<String> data = read(file, ReadOptions.tolerant());
    assertThat(data).hasSize(1);
    assertThat(data.report().count(Fault.SYNTAX)).isEqualTo(1);
  }

  @Test
  void aDeepRowOfManyBracketsIsSkipped() throws IOException {
    String deep = "{\"t\":" + "[".repeat(1_000_000) + "}";
    Path file = file("a.jsonl", utf8(deep + "\n" + ROW));
    Dataset<String> data = read(file, ReadOptions.tolerant());
    assertThat(data).containsExactly("a");
    assertThat(data.report().count(Fault.TOO_LARGE)).isEqualTo(1);
  }

  @Test
  void everyCutOfAGzipFileIsAnError() throws IOException {
    byte[] whole = gzip(ROW.repeat(40));
    for (int length = 2; length < whole.length; length++) {
      assertRefusedInBothModes(file("a.jsonl.gz", Arrays.copyOf(whole, length)), "gzip file");
    }
    assertRefusedInBothModes(file("a.jsonl.gz"), "gzip file", "empty");
    assertThat(read(file("a.jsonl.gz", whole), ReadOptions.strict())).hasSize(40);
  }

  @Test
  void membersAreJoinedAndWhatFollowsThemIsRefused() throws IOException {
    byte[] one = gzip(ROW.repeat(3));
    byte[] two = gzip("{\"t\":\"b\"}");
    assertThat(read(file("a.jsonl.gz", one, two), ReadOptions.strict()))
        .containsExactly("a", "a", "a", "b");
    assertThat(read(file("a.jsonl.gz", one, new byte[512]), ReadOptions.strict())).hasSize(3);
    assertRefusedInBothModes(file("a.jsonl.gz", one, utf8("rest")), "other bytes follow");
    assertRefusedInBothModes(
        file("a.jsonl.gz", one, Arrays.copyOf(two, two.length - 3)), "cut short");
    assertRefusedInBothModes(file("a.jsonl.gz", one, Arrays.copyOf(two, 5)), "cut short");
    byte[] wrongSum = one.clone();
    wrongSum[one.length - 6] ^= 1;
    assertRefusedInBothModes(file("a.jsonl.gz", wrongSum), "checksum");
  }

  @Test
  void gzipHeadersOfEveryKindAreRead() throws IOException {
    byte[] plain = gzip(ROW);
    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
    byte[] header = {0x1f, (byte) 0x8b, 8, 4 + 8 + 16 + 2, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7};
    Path file = file("a.jsonl.gz", header, utf8("name\0comment\0"), new byte[] {1, 2}, body);
    assertThat(read(file, ReadOptions.strict())).containsExactly("a");
    byte[] reserved = plain.clone();
    reserved[3] = 0x20;
    assertRefusedInBothModes(file("a.jsonl.gz", reserved), "unknown flags");
  }

  @Test
  void aBombBehindAnHonestMemberIsStopped() throws IOException {
    String zeros = " ".repeat(1 << 20);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 32; i++) {
        out.write(utf8(zeros));
      }
    }
    assertRefusedInBothModes(
        file("a.jsonl.gz", gzip(ROW), bomb.toByteArray()), "gzip ratio must be at most 200");
  }

  @Test
  void trailingGarbageIsRefused() throws IOException {
    assertRefusedInBothModes(file("a.json", utf8("[{\"t\":\"a\"}] x")), "not valid JSON");
    assertRefusedInBothModes(file("b.json", utf8("[{\"t\":\"a\"}] [1]")), "goes on after it");
    assertRefusedInBothModes(file("c.json", utf8("[{\"t\":\"a\"},")), "not valid JSON");
    assertThatThrownBy(() -> read(file("d.jsonl", utf8(ROW.strip() + "x")), ReadOptions.strict()))
        .hasMessageContaining("line 1");
  }

  @Test
  void anObjectOverSeveralLinesIsNoListOfRows() throws IOException {
    assertRefusedInBothModes(
        file("a.json", utf8("{\n \"t\": [\n {\"t\":1} ]\n}\n")), "one list of objects", "line 1");
    assertThat(read(file("b.json", utf8(ROW + ROW)), ReadOptions.strict())).hasSize(2);
  }

  @Test
  void emptyFiles() throws IOException {
    assertThat(read(file("a.jsonl"), ReadOptions.strict())).isEmpty();
    assertThat(read(file("b.jsonl", utf8(" \n\n")), ReadOptions.strict())).isEmpty();
    assertThat(read(file("c.json", utf8("[]")), ReadOptions.strict())).isEmpty();
    assertThat(read(file("d.csv", utf8("t\n")), ReadOptions.strict())).isEmpty();
    assertRefusedInBothModes(file("e.csv"), "header");
    assertRefusedInBothModes(file("f.json"), "empty");
    assertRefusedInBothModes(file("g.json", utf8(" \n")), "empty");
  }

  @Test
  void csvWithEveryQuotingTrick() throws IOException {
    Path file =
        file(
            "a.csv",
            utf8(
                "\uFEFFt,u\r\n\"a\r\nb\",1\n\"\"\"q\"\", x\",2\r\n,3\r\n\"\",4\r\n"
                    + "c,5,6\r\n\"last, \"\"line\"\"\",7"));
    Dataset<String> data = read(file, ReadOptions.tolerant());
    assertThat(data).containsExactly("a\r\nb", "\"q\", x", "", "", "last, \"line\"");
    assertThat(data.report().skipped()).extracting(SkippedRow::line).containsExactly(7L);
  }
}
