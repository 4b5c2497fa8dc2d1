package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, really killed: a resumed run ends in the bits of one that was left alone. */
class TrainerKillTest {

  private static final int KILLS = 3;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"full", "lora", "bytes and noise"})
  void resumesToTheSameBits(String kind) throws Exception {
    String expected = finish(start(folder.resolve("whole"), kind));
    Path run = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(kind.hashCode());
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process = start(run, kind);
      long wanted = lines(run) + 1 + random.nextInt(KilledTraining.STEPS / KILLS);
      while (process.isAlive() && lines(run) < wanted) {
        process.waitFor(2, TimeUnit.MILLISECONDS);
      }
      process.destroyForcibly().waitFor();
      killed += process.exitValue() == 0 ? 0 : 1;
    }
    assertThat(killed).as("runs that were killed before they ended").isPositive();
    assertThat(finish(start(run, kind))).isEqualTo(expected);
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
        .filteredOn(line -> line.contains("\"step\""))
        .hasSize(KilledTraining.STEPS);
  }

  private Process start(Path run, String kind) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-classpath",
            System.getProperty("java.class.path"),
            KilledTraining.class.getName(),
            run.toString(),
            kind);
    builder.redirectError(folder.resolve("errors.txt").toFile());
    return builder.start();
  }

  private String finish(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(() -> errors()).isZero();
    return output.lines().filter(l -> l.startsWith("hash ")).findFirst().orElseThrow();
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("errors.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static long lines(Path run) throws IOException {
    Path metrics = run.resolve("metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    List<String> all = Files.readString(metrics).lines().toList();
    return all.size();
  }
}
