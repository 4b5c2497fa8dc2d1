package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesWriterTest {

  @TempDir Path folder;

  @Test
  void everyLineIsVisibleBeforeClosing() {
    Path file = folder.resolve("runs/metrics.jsonl");
    try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
      writer.append(Map.of("step", 1));
      assertThat(file).content().isEqualTo("{\"step\":1}\n");
      writer.append(Map.of("text", "two\nlines"));
      assertThat(file).content().isEqualTo("{\"step\":1}\n{\"text\":\"two\\nlines\"}\n");
    }
  }

  @Test
  void cuttingAtAnyByteLosesOnlyTheTornLine() throws IOException {
    byte[] whole = "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n".getBytes(UTF_8);
    for (int cut = 0; cut <= whole.length; cut++) {
      Path file = folder.resolve("cut" + cut + ".jsonl");
      Files.write(file, Arrays.copyOf(whole, cut));
      int kept = cut / 11;
      try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
        assertThat(writer.repairedBytes()).isEqualTo(cut - 11L * kept);
        writer.append(Map.of("step", 9));
      }
      assertThat(Files.readAllLines(file)).hasSize(kept + 1).last().isEqualTo("{\"step\":9}");
    }
  }

  @Test
  void aTornLineLongerThanOneBlockIsRemoved() throws IOException {
    Path file = folder.resolve("long.jsonl");
    Files.writeString(file, "{\"a\":1}\n{\"b\":\"" + "x".repeat(50_000));
    JsonLinesWriter.open(file).close();
    assertThat(file).content().isEqualTo("{\"a\":1}\n");
  }

  @Test
  void numbersWithoutJsonFormBecomeStrings() {
    Path file = folder.resolve("nan.jsonl");
    try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
      writer.append(Map.of("loss", Double.NaN));
    }
    assertThat(file).content().isEqualTo("{\"loss\":\"NaN\"}\n");
  }

  @Test
  void refusesWhatHasNoJsonFormAndWritesNothing() {
    Path file = folder.resolve("bad.jsonl");
    try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
      assertThatThrownBy(() -> writer.append(Map.of("o", new Object())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("JSON form");
    }
    assertThat(file).content().isEmpty();
  }

  @Test
  void aFolderIsNoFile() {
    assertThatThrownBy(() -> JsonLinesWriter.open(folder))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("cannot open");
  }

  /** The null device takes every line and refuses to be forced. */
  @Test
  void nothingIsWrittenAfterAFailedForce() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "there is no null device");
    JsonLinesWriter writer = JsonLinesWriter.open(device);
    writer.append(Map.of("a", 1));
    assertThatThrownBy(writer::force)
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("cannot force");
    assertThatThrownBy(writer::force).hasMessageContaining("lines may be lost");
    assertThatThrownBy(() -> writer.append(Map.of("b", 2)))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("lines may be lost");
    assertThatThrownBy(writer::close).isInstanceOf(AlignmentException.class);
  }
}
