package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.alignment4j.benchmarks.RoundServer.Round;

/** A contender in a process of its own. */
final class ContenderProcess implements AutoCloseable {

  private final ChildProcess process;
  private final String engine;
  private final List<Round> warmUp = new ArrayList<>();
  private final List<Round> rounds = new ArrayList<>();

  ContenderProcess(Class<?> main, List<String> arguments, String libraries) throws IOException {
    LibtorchLibraries build = new LibtorchLibraries(libraries);
    List<String> options = new ArrayList<>(build.options());
    options.add("-Xmx2g");
    options.add("-XX:MaxDirectMemorySize=8g");
    process = new ChildProcess(ChildProcess.java(options, main, arguments), build.environment());
    engine = process.answer();
  }

  void round(boolean measured) throws IOException {
    Round round = Round.parse(process.ask(RoundServer.ROUND));
    if (measured) {
      rounds.add(round);
    } else {
      warmUp.add(round);
    }
  }

  /** One step more, of which nothing is measured. */
  void step() throws IOException {
    process.ask(RoundServer.STEP);
  }

  /** Writes the gradients of the last round. */
  GradientFiles gradients(Path folder) throws IOException {
    process.tell(RoundServer.GRADIENTS + folder);
    process.expect(RoundServer.WRITTEN);
    return new GradientFiles(folder);
  }

  /** What tables call the engine. */
  String engine() {
    return engine;
  }

  /** The first round of all, before any update. */
  Round first() {
    return warmUp.get(0);
  }

  /** The rounds that count. */
  List<Round> rounds() {
    return rounds;
  }

  Spread spread(ToDoubleFunction<Round> figure) {
    return Spread.of(rounds.stream().mapToDouble(figure).boxed().toList());
  }

  long end() throws IOException {
    return Long.parseLong(process.ask(RoundServer.END));
  }

  @Override
  public void close() {
    process.close();
  }
}
