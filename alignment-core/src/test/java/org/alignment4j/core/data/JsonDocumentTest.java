package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDocumentTest {

  @Test
  void complaintsNameTheLineOfTheField(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.json"),
            "\uFEFF{\n  \"name\": \"x\",\n  \"inner\": {\n\"n\": 3}\n}\n");
    JsonDocument document = JsonDocument.read(file);
    Row root = document.root();
    assertThat(root.text("name")).isEqualTo("x");
    assertThatThrownBy(() -> root.integer("name"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("a.json, line 2, field 'name'");
    assertThatThrownBy(() -> root.object("inner").text("n"))
        .hasMessageContaining("a.json, line 3, field 'inner.n'");
    assertThatThrownBy(() -> root.text("absent"))
        .hasMessageContaining("missing")
        .hasMessageContaining("a.json, line 1, field 'absent'");
    assertThat(document.hash())
        .isEqualTo(JsonDocument.parse("b", Files.readString(file).substring(1)).hash());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1]|one JSON object but holds something else",
        "``|one JSON object but holds something else",
        "{} {}|goes on after it",
        "{\"a\": 1, \"a\": 2}|occurs twice (x.json, line 1, field 'a')",
        "{\"a\": |not valid JSON",
      })
  void otherTextsAreRefused(String text, String message) {
    assertThatThrownBy(() -> JsonDocument.parse("x.json", text))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void missingAndMisencodedFilesAreRefused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> JsonDocument.read(folder.resolve("none.json")))
        .hasMessageContaining("must exist");
    Path latin =
        Files.write(
            folder.resolve("l.json"), "{\"a\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> JsonDocument.read(latin)).hasMessageContaining("must be UTF-8");
  }
}
