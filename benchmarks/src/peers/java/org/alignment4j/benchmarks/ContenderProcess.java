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
import org.alignment4j.benchmarks.RoundServer.Round;

/**
 * A contender in a process of its own. OpenMP's threads wait passively, without which they spin
 * against those of OpenBLAS on a small machine.
 */
final class ContenderProcess implements AutoCloseable {

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final List<Round> warmUp = new ArrayList<>();
  private final List<Round> rounds = new ArrayList<>();

  ContenderProcess(Class<?> main, List<String> arguments, String libraries) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx2g");
    command.add("-XX:MaxDirectMemorySize=8g");
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    if (!libraries.isEmpty()) {
      command.add("-Djava.library.path=" + libraries);
      command.add("-Dorg.bytedeco.javacpp.pathsFirst=true");
    }
    command.add("-classpath");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
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
    if (measured) {
      rounds.add(round);
    } else {
      warmUp.add(round);
    }
  }

  /** The first round of all, before any update. */
  Round first() {
    return warmUp.get(0);
  }

  /** The rounds that count. */
  List<Round> rounds() {
    return rounds;
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
