package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, really killed: a resumed run ends in the bits of one that was left alone. */
class TrainerKillTest {

  private static final int KILLS = 3;
  private static final int MANY_KILLS = 100;
  private static final int KILLS_OF_ONE_RUN = 4;

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

  /**
   * A hundred kills at moments drawn over the whole run, the writing of checkpoints included; every
   * run is killed several times before it may end.
   */
  @Tag("slow")
  @Test
  void aHundredKillsAtAnyMoment() throws Exception {
    List<String> kinds = List.of("full", "lora", "bytes and noise");
    List<String> expected = new ArrayList<>();
    List<Long> millis = new ArrayList<>();
    for (String kind : kinds) {
      Path run = folder.resolve("whole " + kind);
      Process process = start(run, kind);
      awaitBeginning(process, run);
      long begun = System.nanoTime();
      expected.add(finish(process));
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
    SplittableRandom random = new SplittableRandom(100);
    int kills = 0;
    for (int i = 0; kills < MANY_KILLS; i++) {
      int kind = i % kinds.size();
      Path run = folder.resolve("killed " + i);
      for (int k = 0; k < KILLS_OF_ONE_RUN && kills < MANY_KILLS; k++) {
        Process process = start(run, kinds.get(kind));
        awaitBeginning(process, run);
        process.waitFor(random.nextLong(1 + millis.get(kind)), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        kills += process.exitValue() == 0 ? 0 : 1;
      }
      assertThat(finish(start(run, kinds.get(kind))))
          .as("run %d of %s after %d kills", i, kinds.get(kind), kills)
          .isEqualTo(expected.get(kind));
    }
    System.out.println(kills + " kills, runs of " + millis + " ms");
  }

  /** Waits until the run has opened its folder: before that there is nothing to damage. */
  private static void awaitBeginning(Process process, Path run) throws Exception {
    Path lock = run.resolve("run.lock");
    while (process.isAlive() && !Files.exists(lock)) {
      process.waitFor(2, TimeUnit.MILLISECONDS);
    }
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
