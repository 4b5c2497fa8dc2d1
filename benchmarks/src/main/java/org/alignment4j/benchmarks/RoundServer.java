package org.alignment4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Runs a contender round by round at the command of the process that compares them: each contender
 * lives in a process of its own, so that its peak of resident memory is its own, and waits without
 * working while another one is measured.
 */
final class RoundServer {

  static final String ROUND = "round";
  static final String STEP = "step";
  static final String STEPPED = "stepped";
  static final String END = "end";

  /** Followed by a folder. */
  static final String GRADIENTS = "gradients ";

  static final String WRITTEN = "written";

  private static final double MILLIS = 1e6;

  private RoundServer() {}

  /**
   * Says the engine's name; answers {@code round} with the figures of one round, {@code step} once
   * a step was done of which nothing is measured, {@code gradients} by writing those of the last
   * round to a folder, {@code end} with the peak memory.
   */
  static void serve(Contender contender) throws IOException {
    try (contender) {
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      System.out.println(contender.engine());
      for (String line; (line = commands.readLine()) != null && !line.equals(END); ) {
        if (line.startsWith(GRADIENTS)) {
          new GradientFiles(Path.of(line.substring(GRADIENTS.length()))).write(contender);
          System.out.println(WRITTEN);
        } else if (line.equals(STEP)) {
          contender.forwardBackward();
          contender.update();
          System.out.println(STEPPED);
        } else {
          System.out.println(round(contender).line());
        }
      }
      System.out.println(PeakMemory.mebibytes());
    }
  }

  private static Round round(Contender contender) {
    long t0 = System.nanoTime();
    contender.forwardBackward();
    long t1 = System.nanoTime();
    double norm = contender.gradientNorm();
    long t2 = System.nanoTime();
    contender.update();
    long t3 = System.nanoTime();
    return new Round(
        (t1 - t0) / MILLIS, (t3 - t2) / MILLIS, contender.matrixRate(), contender.loss(), norm);
  }

  /**
   * What one round gave.
   *
   * @param forwardBackward in milliseconds
   * @param update in milliseconds
   * @param matrixRate in GFLOP/s
   */
  record Round(
      double forwardBackward, double update, double matrixRate, double loss, double gradientNorm) {

    static Round parse(String line) {
      String[] parts = line.split(" ", -1);
      return new Round(
          Double.parseDouble(parts[0]),
          Double.parseDouble(parts[1]),
          Double.parseDouble(parts[2]),
          Double.parseDouble(parts[3]),
          Double.parseDouble(parts[4]));
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%.3f %.3f %.2f %.8f %.8g",
          forwardBackward,
          update,
          matrixRate,
          loss,
          gradientNorm);
    }

    double step() {
      return forwardBackward + update;
    }
  }
}
