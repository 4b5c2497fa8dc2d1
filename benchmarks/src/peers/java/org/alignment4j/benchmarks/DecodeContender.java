package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An engine that decodes in a process of its own, and what its rounds gave. */
final class DecodeContender implements AutoCloseable {

  private static final double MILLIS_PER_SECOND = 1000;

  private final ChildProcess process;
  private final String name;
  private final int count;
  private final List<Double> prompts = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private String tokens = "";

  /** Starts a command that answers as {@link EngineDecoder} does. */
  DecodeContender(String engine, List<String> command, int count) throws IOException {
    this.process = new ChildProcess(command, Map.of());
    this.count = count;
    try {
      this.name = engine + " (" + process.answer() + ")";
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  void round(String prompt, boolean counts) throws IOException {
    String[] parts = process.ask(prompt).split(" ", 3);
    tokens = parts[2];
    if (tokens.split(" ", -1).length != count) {
      throw new IOException(
          "an engine must decode " + count + " tokens but stopped after " + tokens);
    }
    if (counts) {
      prompts.add(Double.parseDouble(parts[0]));
      rates.add((count - 1) * MILLIS_PER_SECOND / Double.parseDouble(parts[1]));
    }
  }

  /** The engine and what it computes with. */
  String name() {
    return name;
  }

  /** Milliseconds until the first token. */
  Spread prompt() {
    return Spread.of(prompts);
  }

  /** Tokens per second after the first token, by round. */
  List<Double> rates() {
    return rates;
  }

  /** Tokens of the last round. */
  List<String> tokens() {
    return List.of(tokens.split(" ", -1));
  }

  @Override
  public void close() {
    process.close();
  }
}
