package org.alignment4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * {@link FewShotBenchmark} beside libtorch, which waits in a process of its own without working
 * while it is not its turn. Arguments: questions of a file, rounds, and a folder of another build
 * of libtorch, if any.
 */
public final class FewShotPeers {

  private FewShotPeers() {}

  /** Prints the rows of {@link FewShotComparison}. */
  public static void main(String[] args) throws IOException {
    LibtorchLibraries build = new LibtorchLibraries(args.length > 2 ? args[2] : "");
    List<String> options = new ArrayList<>(build.options());
    options.add("-Xmx2g");
    List<String> command = ChildProcess.java(options, LibtorchFewShot.class, List.of());
    FewShotComparison comparison = FewShotComparison.parse(args);
    try (EngineFewShot engine = EngineFewShot.load();
        ChildProcess peer = new ChildProcess(command, build.environment())) {
      String name = peer.answer();
      Map<String, Function<FewShotFile, List<Double>>> ways = FewShotBenchmark.ways(engine);
      ways.put(
          name + ", whole prompt for each choice",
          way(peer, LibtorchFewShot.ALONE, comparison.questions()));
      ways.put(name + ", shared prefix", way(peer, LibtorchFewShot.SHARED, comparison.questions()));
      comparison.run(ways);
    }
  }

  private static Function<FewShotFile, List<Double>> way(
      ChildProcess peer, String way, int questions) {
    AtomicInteger round = new AtomicInteger();
    return file -> {
      try {
        String line = peer.ask(way + " " + questions + " " + round.getAndIncrement());
        return Arrays.stream(line.split(" ", -1)).map(Double::valueOf).toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
