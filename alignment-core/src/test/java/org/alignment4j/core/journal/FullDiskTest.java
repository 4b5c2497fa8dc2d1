package org.alignment4j.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.alignment4j.api.AlignmentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes no more, in the middle of a line: what was acknowledged stays, and only it. */
class FullDiskTest {

  private static final String TEXT = "é".repeat(700);

  @TempDir Path folder;

  /** The shell's bound on the size of a file fails a write as a full disk does, after a part. */
  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no ulimit")
  void linesThatWereAcknowledgedAreThereOnceThereIsRoom() throws Exception {
    Path path = folder.resolve("samples.jsonl");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 128 && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Filling.class.getName(),
                path.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    int acknowledged =
        output
            .lines()
            .filter(line -> line.startsWith("acknowledged "))
            .mapToInt(line -> Integer.parseInt(line.substring("acknowledged ".length())))
            .findFirst()
            .orElseThrow();
    assertThat(acknowledged).isPositive();
    List<String> lines = Files.readAllLines(path);
    assertThat(lines).as("with the header").hasSize(acknowledged + 1);
    try (Journal journal = Journal.open(path, Map.of())) {
      assertThat(journal.size()).isEqualTo(acknowledged);
      for (int i = 0; i < acknowledged; i++) {
        assertThat(journal.get(PlainJson.key(i))).contains(Map.of("text", TEXT));
      }
      assertThat(journal.put(PlainJson.key(acknowledged), Map.of("text", TEXT))).isTrue();
    }
  }

  /** Appends until that fails. */
  static final class Filling {
    public static void main(String[] args) {
      Path path = Path.of(args[0]);
      try (Journal journal = Journal.open(path, Map.of())) {
        int acknowledged = 0;
        try {
          while (acknowledged < 100_000) {
            journal.put(PlainJson.key(acknowledged), Map.of("text", TEXT));
            acknowledged++;
          }
        } catch (AlignmentException e) {
          assertThat(e).hasMessageContaining(path.toString());
        }
        int next = acknowledged;
        for (int again = 0; again < 3; again++) {
          assertThatThrownBy(() -> journal.put(PlainJson.key(next), Map.of("text", TEXT)))
              .isInstanceOf(AlignmentException.class)
              .hasMessageContaining(path.toString());
        }
        assertThat(journal.get(PlainJson.key(next))).isEmpty();
        assertThat(journal.size()).isEqualTo(acknowledged);
        System.out.println("acknowledged " + acknowledged);
      }
    }
  }

  @Test
  void aFolderThatTakesNoFileIsNamed() throws Exception {
    Path readOnly = Files.createDirectory(folder.resolve("read-only"));
    // The superuser writes there all the same.
    boolean refused = readOnly.toFile().setReadOnly() && !Files.isWritable(readOnly);
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Path place = refused ? readOnly : file;
    try {
      assertThatThrownBy(() -> Journal.open(place.resolve("samples.jsonl"), Map.of()))
          .isInstanceOf(AlignmentException.class)
          .hasMessageContaining(place.toString());
    } finally {
      assertThat(readOnly.toFile().setWritable(true)).isTrue();
    }
  }
}
