package org.alignment4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Makes iterations at the command of the process that compares them: each contender lives in a
 * process of its own and waits without working while another one is measured.
 */
final class GrpoServer {

  static final String ITERATE = "iterate";
  static final String END = "end";

  /** An iteration, by the rest of its command. */
  interface Iterations {
    /**
     * Makes one.
     *
     * @param tokens as {@link GrpoTokens#line()} gives them, or nothing
     * @return the answer
     */
    String next(String tokens);
  }

  private GrpoServer() {}

  /** Says its name, answers commands, at the end with the peak memory in MiB. */
  static void serve(GrpoContender contender) throws IOException {
    try (contender) {
      serve(contender.name(), tokens -> contender.iterate(GrpoTokens.parse(tokens)).line());
    }
  }

  /** As {@link #serve(GrpoContender)}, of something else that makes iterations. */
  static void serve(String name, Iterations iterations) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println(name);
    for (String line; (line = commands.readLine()) != null && !line.equals(END); ) {
      System.out.println(iterations.next(line.substring(ITERATE.length()).strip()));
    }
    System.out.println(PeakMemory.mebibytes());
  }
}
