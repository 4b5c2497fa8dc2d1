package org.alignment4j.runtime.train;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** For tests: what is logged, which the tests' back end writes to the standard error. */
final class Logged {

  private Logged() {}

  /** The warnings, in order, as lines. */
  static List<String> warnings(Runnable work) {
    return lines(work).stream().filter(line -> line.contains(" WARN ")).toList();
  }

  /** Everything, in order, as lines. */
  static List<String> lines(Runnable work) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream caught = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(caught);
      work.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
