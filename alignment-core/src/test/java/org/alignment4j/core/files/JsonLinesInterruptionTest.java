package org.alignment4j.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesInterruptionTest {

  @TempDir Path folder;

  @Test
  void anInterruptedThreadAppendsAndStaysInterrupted() {
    Path file = folder.resolve("metrics.jsonl");
    try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
      Thread.currentThread().interrupt();
      writer.append(Map.of("step", 1));
      writer.force();
      assertThat(Thread.interrupted()).isTrue();
      writer.append(Map.of("step", 2));
    }
    assertThat(file).content().isEqualTo("{\"step\":1}\n{\"step\":2}\n");
  }

  @Test
  void aLineFeedInsideALineIsRefused() {
    Path file = folder.resolve("lines.jsonl");
    try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
      assertThat(writer.appendLine("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
          .isZero();
      assertThatThrownBy(() -> writer.appendLine(new byte[] {'{', '\n', '}'}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("line feed");
      assertThat(writer.end()).isEqualTo(3);
    }
    assertThat(file).content().isEqualTo("{}\n");
  }
}
