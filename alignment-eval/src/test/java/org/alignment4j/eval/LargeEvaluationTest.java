package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Processes with a heap of 1 GiB: one that runs through, one that is killed and goes on. */
@Tag("slow")
class LargeEvaluationTest {
  private static final long GIBIBYTE = 1L << 30;
  private static final long KILLED_AT = LargeEvaluation.SIZE * (long) LargeEvaluation.ANSWER / 3;

  @TempDir Path folder;

  /** What stays in the heap after the run is a small part of what was answered. */
  @Test
  void aHundredThousandLongAnswersStayOnDiskAndSurviveAKill(TestReporter reporter)
      throws Exception {
    Path run = folder.resolve("killed");
    Process killed = start(run);
    while (killed.isAlive()
        && records(run).map(LargeEvaluationTest::length).orElse(0L) < KILLED_AT) {
      killed.waitFor(1, TimeUnit.MILLISECONDS);
    }
    killed.destroyForcibly().waitFor();
    assertThat(killed.exitValue()).as("exit code of the killed process").isNotZero();
    long kept = lines(records(run).orElseThrow()) - 1;
    assertThat(kept).isBetween(1L, LargeEvaluation.SIZE - 1L);
    Map<String, String> resumed = finish(run, "resumed", reporter);
    assertThat(resumed).containsEntry("calls", Long.toString(LargeEvaluation.SIZE - kept));
    assertThat(length(records(run).orElseThrow()))
        .isGreaterThan(LargeEvaluation.ANSWER * (long) LargeEvaluation.SIZE);
    Files.delete(records(run).orElseThrow());

    Map<String, String> whole = finish(folder.resolve("whole"), "whole", reporter);
    assertThat(whole).containsEntry("calls", Integer.toString(LargeEvaluation.SIZE));
    assertThat(resumed.get("result")).isEqualTo(whole.get("result"));
  }

  private Map<String, String> finish(Path run, String name, TestReporter reporter)
      throws Exception {
    long began = System.nanoTime();
    Process process = start(run);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("errors.txt"))).isZero();
    Map<String, String> told =
        output
            .lines()
            .map(line -> line.split(" ", 2))
            .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    reporter.publishEntry(
        name + " seconds", "" + Duration.ofNanos(System.nanoTime() - began).toSeconds());
    reporter.publishEntry(name + " peak heap", told.get("peak"));
    assertThat(Long.parseLong(told.get("most"))).isLessThanOrEqualTo(GIBIBYTE);
    assertThat(Long.parseLong(told.get("used")))
        .as("bytes in the heap after the run")
        .isLessThan(256L << 20);
    return told;
  }

  private Process start(Path run) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-classpath",
            System.getProperty("java.class.path"),
            LargeEvaluation.class.getName(),
            run.toString())
        .redirectError(folder.resolve("errors.txt").toFile())
        .start();
  }

  private static Optional<Path> records(Path run) throws IOException {
    if (!Files.isDirectory(run)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(run)) {
      return files.filter(f -> f.toString().endsWith(".jsonl")).findFirst();
    }
  }

  private static long length(Path file) {
    return file.toFile().length();
  }

  /** Whole lines: the one that was being written does not count. */
  private static long lines(Path file) throws IOException {
    long lines = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }
}
