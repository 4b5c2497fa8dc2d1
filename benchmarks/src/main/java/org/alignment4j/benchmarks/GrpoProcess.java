package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A contender in a process of its own, and what its iterations gave. */
final class GrpoProcess implements AutoCloseable {

  private static final int FIGURES = 5;

  private final ChildProcess process;
  private final String name;
  private final List<GrpoIteration> all = new ArrayList<>();

  /**
   * Starts a contender.
   *
   * @param options of its virtual machine, besides the limits of memory
   * @param environment further variables
   */
  GrpoProcess(
      Class<?> contender, GrpoCase which, List<String> options, Map<String, String> environment)
      throws IOException {
    List<String> limits = new ArrayList<>(options);
    limits.add("-Xmx2g");
    limits.add("-XX:MaxDirectMemorySize=5g");
    process =
        new ChildProcess(ChildProcess.java(limits, contender, which.arguments()), environment);
    try {
      name = process.answer();
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  /**
   * Makes an iteration.
   *
   * @param tokens to learn from, or nothing for those it samples
   * @return the tokens it learned from, where it sampled them
   */
  String iterate(String tokens) throws IOException {
    String answer = process.ask(GrpoServer.ITERATE + " " + tokens);
    all.add(GrpoIteration.parse(answer));
    String[] parts = answer.split(" ", FIGURES + 1);
    return parts.length > FIGURES ? parts[FIGURES] : "";
  }

  /** The first iteration of all, before any update. */
  GrpoIteration first() {
    return all.get(0);
  }

  GrpoIteration last() {
    return all.get(all.size() - 1);
  }

  /** Figures of the last iterations. */
  List<Double> figures(int rounds, ToDoubleFunction<GrpoIteration> figure) {
    return all.subList(all.size() - rounds, all.size()).stream()
        .mapToDouble(figure)
        .boxed()
        .toList();
  }

  /** Peak memory in MiB. */
  long end() throws IOException {
    return Long.parseLong(process.ask(GrpoServer.END));
  }

  @Override
  public void close() {
    process.close();
  }
}
