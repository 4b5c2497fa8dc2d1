package org.alignment4j.core.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void fieldsAndListsOfStrings() throws IOException {
    assertThat(Documents.read(file("a.jsonl", "{\"text\":\"a\",\"id\":1}\n\"b\"\n")))
        .containsExactly("a", "b");
    assertThat(Documents.read(file("a.json", "[\"a\",\n\"b\"]"))).containsExactly("a", "b");
  }

  @Test
  void aTextFileIsOneDocumentOrSeveral() throws IOException {
    assertThat(Documents.read(file("a.txt", "\none\n\ntwo <|endoftext|>\n")))
        .containsExactly("one\n\ntwo <|endoftext|>");
    assertThat(
            Documents.read(
                file("b.txt", "one\nmore\n<|endoftext|>\r\n\n<|endoftext|>\ntwo\n<|endoftext|>")))
        .containsExactly("one\nmore", "two");
    assertThat(
            Documents.read(
                file("c.txt", "one\n\ntwo\n"),
                ReadOptions.strict().withFormat(DataFormat.TEXT_LINES)))
        .containsExactly("one", "two");
    assertThat(Documents.read(file("d.txt", ""))).isEmpty();
  }

  @Test
  void brokenTextsNameTheirLineAndTheNextIsRead() throws IOException {
    Path file = folder.resolve("a.txt");
    String content = "ok\n<|endoftext|>\none\ncaf\u00e9\n<|endoftext|>\nlast\n";
    Files.write(file, content.getBytes(ISO_8859_1));
    assertThatThrownBy(() -> Documents.read(file)).hasMessageContaining("line 4");
    Dataset<String> tolerant = Documents.read(file, ReadOptions.tolerant());
    assertThat(tolerant).containsExactly("ok", "last");
    assertThat(tolerant.report().count(Fault.ENCODING)).isEqualTo(1);
  }

  @Test
  void longTextsAreLeftOutWithoutHoldingThem() throws IOException {
    String big = "0123456789\n".repeat(50) + "x".repeat(500);
    Path file = file("a.txt", "one\n<|endoftext|>\n" + big + "\n<|endoftext|>\nlast");
    ReadOptions bounded =
        ReadOptions.tolerant().withLimits(DataLimits.DEFAULT.withMaxStringChars(100));
    List<String> seen = new ArrayList<>();
    ReadReport report = Documents.forEach(file, bounded, seen::add);
    assertThat(seen).containsExactly("one", "last");
    assertThat(report.count(Fault.TOO_LARGE)).isEqualTo(1);
    assertThat(report.skipped().get(0).line()).isEqualTo(3);
    Path lines = file("b.txt", "one\n" + "x".repeat(101) + "\nlast");
    assertThat(Documents.read(lines, bounded.withFormat(DataFormat.TEXT_LINES)))
        .containsExactly("one", "last");
  }
}
