package org.alignment4j.oversight.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, really killed: what was paid is not paid again. */
class KilledCallsTest {
  private static final int KILLS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"whole", "numbered"})
  void aKillLosesAtMostTheCallInFlight(String kind) throws Exception {
    Path run = folder.resolve("run");
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      int wanted = paid(run).size() + 7;
      Process process = start(run, kind);
      while (process.isAlive() && paid(run).size() < wanted) {
        process.waitFor(1, TimeUnit.MILLISECONDS);
      }
      process.destroyForcibly().waitFor();
      killed += process.exitValue() == 0 ? 0 : 1;
    }
    assertThat(killed).isPositive();
    int before = paid(run).size();

    Process last = start(run, kind);
    String output = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(last.waitFor()).as(Files.readString(folder.resolve("errors.txt"))).isZero();
    List<String> paid = paid(run);
    assertThat(new HashSet<>(paid)).hasSize(KilledCalls.ANSWERS);
    assertThat(paid.size() - KilledCalls.ANSWERS)
        .as("answers paid twice after " + killed + " kills")
        .isLessThanOrEqualTo(killed);
    int known = KilledCalls.ANSWERS - (paid.size() - before);
    assertThat(output).contains("answers " + KilledCalls.ANSWERS + ", known " + known);
  }

  private Process start(Path run, String kind) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-classpath",
            System.getProperty("java.class.path"),
            KilledCalls.class.getName(),
            run.toString(),
            kind)
        .redirectError(folder.resolve("errors.txt").toFile())
        .start();
  }

  private static List<String> paid(Path run) throws IOException {
    Path file = run.resolve("paid.txt");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
