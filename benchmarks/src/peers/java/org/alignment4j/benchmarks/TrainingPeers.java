package org.alignment4j.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.benchmarks.RoundServer.Round;

/**
 * Compares the training step with libtorch's, round by round in turn. Each contender is a process of
 * its own; OpenMP's threads wait passively, without which they spin against those of OpenBLAS on a
 * small machine. Arguments: the case, the number of rounds and, if another build of libtorch than the
 * dependency's is to be compared with, the folder of its libraries (of the same version).
 */
public final class TrainingPeers {

  private static final int WARM_UP = 2;

  private TrainingPeers() {}

  /** Prints a Markdown table: one row a contender, and the ratio of the steps of the same round. */
  public static void main(String[] args) throws IOException {
    String which = args.length > 0 ? args[0] : "S";
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    String libraries = args.length > 2 ? args[2] : "";
    try (Child engine = new Child(EngineContender.class, which, "");
        Child libtorch = new Child(LibtorchContender.class, which, libraries)) {
      List<Child> children = List.of(engine, libtorch);
      for (int i = 0; i < WARM_UP + rounds; i++) {
        for (Child child : children) {
          child.round(i >= WARM_UP);
        }
      }
      List<Double> ratio = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        ratio.add(libtorch.rounds.get(i).step() / engine.rounds.get(i).step());
      }
      BenchmarkCase parsed = BenchmarkCase.parse(which);
      long enginePeak = row(parsed, "alignment4j", engine);
      long peerPeak = row(parsed, "libtorch", libtorch);
      System.out.printf(
          Locale.ROOT,
          "ratio of steps, libtorch / alignment4j: %s; of peak memory, alignment4j / libtorch: %.2f%n",
          Spread.of(ratio).text(2),
          enginePeak / (double) peerPeak);
      System.out.printf(
          Locale.ROOT,
          "loss before any update: %.6f and %.6f%n",
          engine.firstLoss,
          libtorch.firstLoss);
    }
  }

  private static long row(BenchmarkCase which, String name, Child child) throws IOException {
    Spread step = child.spread(Round::forwardBackward);
    Spread rate = child.spread(Round::matrixRate);
    List<Double> shares = new ArrayList<>();
    for (Round round : child.rounds) {
      shares.add(
          100 * which.shape().gigaflop() / (round.forwardBackward() / 1000) / round.matrixRate());
    }
    long peak = child.end();
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %d |%n",
        which.name(),
        name,
        step.text(0),
        child.spread(Round::update).text(1),
        rate.text(0),
        which.lora() ? "–" : Spread.of(shares).text(0) + " %",
        peak);
    return peak;
  }

  private static final class Child implements AutoCloseable {

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final List<Round> rounds = new ArrayList<>();
    private double firstLoss = Double.NaN;

    Child(Class<?> main, String which, String libraries) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx2g");
      command.add("-XX:MaxDirectMemorySize=8g");
      if (!libraries.isEmpty()) {
        command.add("-Djava.library.path=" + libraries);
        command.add("-Dorg.bytedeco.javacpp.pathsFirst=true");
      }
      command.add("-classpath");
      command.add(System.getProperty("java.class.path"));
      command.add(main.getName());
      command.add(which);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
      if (!libraries.isEmpty()) {
        builder.environment().put("LD_LIBRARY_PATH", libraries);
      }
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      process = builder.start();
      commands =
          new BufferedWriter(
              new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      expect("ready");
    }

    void round(boolean measured) throws IOException {
      Round round = Round.parse(ask(RoundServer.ROUND));
      if (Double.isNaN(firstLoss)) {
        firstLoss = round.loss();
      }
      if (measured) {
        rounds.add(round);
      }
    }

    Spread spread(java.util.function.ToDoubleFunction<Round> figure) {
      return Spread.of(rounds.stream().mapToDouble(figure).boxed().toList());
    }

    long end() throws IOException {
      return Long.parseLong(ask(RoundServer.END));
    }

    private String ask(String command) throws IOException {
      commands.write(command + "\n");
      commands.flush();
      return answer();
    }

    private void expect(String word) throws IOException {
      String line = answer();
      if (!line.equals(word)) {
        throw new IOException("expected '" + word + "' of a contender, got '" + line + "'");
      }
    }

    private String answer() throws IOException {
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("a contender ended early; its error is above");
      }
      return line;
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
