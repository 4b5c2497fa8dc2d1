package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupted thread writes everything, once, and stays interrupted. */
class InterruptedWritingTest {

  private static final int MANY = 400;

  @TempDir Path folder;

  /** What the classes under test are for: a plain channel fails. */
  @Test
  void aChannelIsClosedByAnInterrupt() throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(4)))
          .isInstanceOf(ClosedByInterruptException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void linesOfAnInterruptedThreadAreAppended() {
    Path file = folder.resolve("metrics.jsonl");
    Thread.currentThread().interrupt();
    try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
      writer.append(Map.of("step", 1));
      writer.force();
      assertThat(Thread.interrupted()).as("the flag stays").isTrue();
      writer.append(Map.of("step", 2));
      Thread.currentThread().interrupt();
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).content().isEqualTo("{\"step\":1}\n{\"step\":2}\n");
  }

  @Test
  void interruptsBetweenAndWithinLinesLoseAndDoubleNone() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    String text = "x".repeat(20_000);
    int interrupts;
    try (Interrupter interrupter = new Interrupter()) {
      try (JsonLinesWriter writer = JsonLinesWriter.open(file)) {
        for (int i = 0; i < MANY || interrupter.interrupts() < 20; i++) {
          writer.append(Map.of("step", i, "text", text));
          if (i % 50 == 0) {
            writer.force();
          }
        }
      }
      interrupts = interrupter.interrupts();
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(interrupts).isGreaterThanOrEqualTo(20);
    assertThat(lines).hasSizeGreaterThanOrEqualTo(MANY);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).hasSize(lines.get(0).length() - 1 + Integer.toString(i).length());
      assertThat(lines.get(i)).contains("\"step\":" + i).contains("\"" + text + "\"");
    }
  }

  @Test
  void aFileOfAnInterruptedThreadIsReplaced() throws IOException {
    Path file = folder.resolve("state.json");
    AtomicFiles.write(file, "old");
    Thread.currentThread().interrupt();
    AtomicFiles.write(file, "new");
    assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    assertThat(file).hasContent("new");
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void interruptsWhileReplacingLeaveTheWholeContent() throws IOException {
    Path file = folder.resolve("state.bin");
    byte[] block = new byte[10_000];
    try (Interrupter interrupter = new Interrupter()) {
      for (int round = 0; round < 5 || interrupter.interrupts() < 20; round++) {
        AtomicFiles.write(
            file,
            channel -> {
              for (int i = 0; i < 100; i++) {
                Arrays.fill(block, (byte) i);
                channel.write(ByteBuffer.wrap(block));
              }
            });
        byte[] written = Files.readAllBytes(file);
        assertThat(written).hasSize(100 * block.length);
        assertThat(IntStream.range(0, written.length))
            .allMatch(i -> written[i] == (byte) (i / block.length));
      }
    }
  }

  @Test
  void aClosedFileStaysClosed() throws IOException {
    Path file = folder.resolve("file");
    UninterruptibleFile closed =
        UninterruptibleFile.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    closed.write(ByteBuffer.wrap("abc".getBytes(UTF_8)));
    assertThat(closed.position()).isEqualTo(3);
    closed.truncate(2);
    closed.write(ByteBuffer.wrap("d".getBytes(UTF_8)));
    closed.close();
    assertThat(file).hasContent("abd");
    assertThat(closed.isOpen()).isFalse();
    assertThatThrownBy(() -> closed.write(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
  }
}
