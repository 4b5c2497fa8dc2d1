package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes, really killed: a resumed run comes to the results of one that was left alone. */
@Tag("slow")
class KilledEvaluationTest {
  private static final int KILLS = 4;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "concurrent", "judged"})
  void comesToTheSameResultsAndAsksForNothingItHas(String kind) throws Exception {
    String expected = line("result ", finish(start(folder.resolve("whole"), kind)));
    Path run = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(kind.hashCode());
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process = start(run, kind);
      long wanted = lines(run) + 5 + random.nextInt(KilledEvaluation.SIZE / (2 * KILLS));
      while (process.isAlive() && lines(run) < wanted) {
        process.waitFor(1, TimeUnit.MILLISECONDS);
      }
      process.destroyForcibly().waitFor();
      killed += process.exitValue() == 0 ? 0 : 1;
    }
    assertThat(killed).as("runs that were killed before they ended").isPositive();
    // Where a judge is asked, answers have lines of their own before it is.
    long kept = kind.equals("judged") ? answers(run) : lines(run) - 1;

    String output = finish(start(run, kind));
    assertThat(line("result ", output)).isEqualTo(expected);
    assertThat(line("calls ", output)).isEqualTo("calls " + (KilledEvaluation.SIZE - kept));
  }

  private Process start(Path run, String kind) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-classpath",
            System.getProperty("java.class.path"),
            KilledEvaluation.class.getName(),
            run.toString(),
            kind)
        .redirectError(folder.resolve("errors.txt").toFile())
        .start();
  }

  private String finish(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("errors.txt"))).isZero();
    return output;
  }

  private static String line(String beginning, String output) {
    return output.lines().filter(l -> l.startsWith(beginning)).findFirst().orElseThrow();
  }

  private static long lines(Path run) throws IOException {
    return count(bytes(run));
  }

  private static byte[] bytes(Path run) throws IOException {
    if (!Files.isDirectory(run)) {
      return new byte[0];
    }
    try (Stream<Path> files = Files.list(run)) {
      Path file = files.filter(f -> f.toString().endsWith(".jsonl")).findFirst().orElse(null);
      return file == null ? new byte[0] : Files.readAllBytes(file);
    }
  }

  private static long answers(Path run) throws IOException {
    String text = new String(bytes(run), StandardCharsets.UTF_8);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return whole.lines().filter(line -> line.contains("\"answer_of\"")).count();
  }

  /** Whole lines: the one that was being written does not count. */
  private static long count(byte[] bytes) {
    long lines = 0;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }
}
