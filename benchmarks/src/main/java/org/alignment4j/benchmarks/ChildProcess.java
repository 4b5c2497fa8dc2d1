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
import java.util.Map;

/**
 * Another process that answers lines with lines; what it complains of goes to this one's errors.
 */
final class ChildProcess implements AutoCloseable {

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  /** Starts a command with further variables in its environment. */
  ChildProcess(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    process = builder.start();
    commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The command line of a program on this one's virtual machine and class path. */
  static List<String> java(List<String> options, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.add("-classpath");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  /** Sends a line and waits for the next one. */
  String ask(String command) throws IOException {
    tell(command);
    return answer();
  }

  /** Sends a line. */
  void tell(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
  }

  /** Waits for a line. */
  String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("a process ended early; its error is above");
    }
    return line;
  }

  /** Waits for a line that is this word. */
  void expect(String word) throws IOException {
    String line = answer();
    if (!line.equals(word)) {
      throw new IOException("expected '" + word + "' of a process, got '" + line + "'");
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
