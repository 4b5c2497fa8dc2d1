package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.benchmarks.RoundServer.Round;

/**
 * This library's step beside libtorch's, round by round in turn.
 *
 * @param name of the case, for the table
 * @param arguments of both contenders
 * @param libraries folder of another build of libtorch than the dependency's, of the same version;
 *     or empty
 */
record PeerComparison(String name, List<String> arguments, String libraries) {

  private static final int WARM_UP = 2;

  /** Prints a Markdown table's two rows and the ratios of the steps of the same round. */
  void run(Class<?> engine, Class<?> libtorch, int rounds, double gigaflop) throws IOException {
    try (ContenderProcess ours = new ContenderProcess(engine, arguments, "");
        ContenderProcess theirs = new ContenderProcess(libtorch, arguments, libraries)) {
      List<GradientFiles.Difference> differences = new ArrayList<>();
      for (int i = 0; i < WARM_UP + rounds; i++) {
        ours.round(i >= WARM_UP);
        theirs.round(i >= WARM_UP);
        if (i < WARM_UP) {
          differences.add(difference(ours, theirs));
        }
      }
      List<Double> ratio = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        ratio.add(theirs.rounds().get(i).step() / ours.rounds().get(i).step());
      }
      ours.end();
      theirs.end();
      long ourPeak = peak(engine, "", rounds);
      long theirPeak = peak(libtorch, libraries, rounds);
      row(ours, gigaflop, ourPeak);
      row(theirs, gigaflop, theirPeak);
      print(
          "ratio of steps, libtorch / alignment4j: %s; of peak memory, alignment4j / libtorch:"
              + " %.2f",
          Spread.of(ratio).text(2), ourPeak / (double) theirPeak);
      print(
          "before any update: loss %.6f and %.6f, norm of gradients %.6g and %.6g",
          ours.first().loss(),
          theirs.first().loss(),
          ours.first().gradientNorm(),
          theirs.first().gradientNorm());
      Round last = ours.rounds().get(rounds - 1);
      Round theirLast = theirs.rounds().get(rounds - 1);
      print(
          "in the last round: loss %.6f and %.6f, norm of gradients %.6g and %.6g",
          last.loss(), theirLast.loss(), last.gradientNorm(), theirLast.gradientNorm());
      print(
          "before any update: difference of the loss %.1e; gradients: %s",
          Math.abs(ours.first().loss() - theirs.first().loss()), differences.get(0).text());
      print("after one update: gradients: %s", differences.get(1).text());
    }
  }

  private static GradientFiles.Difference difference(ContenderProcess ours, ContenderProcess theirs)
      throws IOException {
    try (TemporaryFolder temporary = TemporaryFolder.create("gradients")) {
      return ours.gradients(temporary.path().resolve("ours"))
          .to(theirs.gradients(temporary.path().resolve("theirs")));
    }
  }

  /** The peak memory of a process that does nothing but steps, as many as were compared. */
  private long peak(Class<?> contender, String libraries, int rounds) throws IOException {
    try (ContenderProcess process = new ContenderProcess(contender, arguments, libraries)) {
      for (int i = 0; i < WARM_UP + rounds; i++) {
        process.step();
      }
      return process.end();
    }
  }

  private void row(ContenderProcess contender, double gigaflop, long peak) {
    List<Double> shares = new ArrayList<>();
    for (Round round : contender.rounds()) {
      shares.add(100 * gigaflop / (round.forwardBackward() / 1000) / round.matrixRate());
    }
    print(
        "| %s | %s | %s | %s | %s | %s | %d |",
        name,
        contender.engine(),
        contender.spread(Round::forwardBackward).text(0),
        contender.spread(Round::update).text(1),
        contender.spread(Round::matrixRate).text(0),
        gigaflop > 0 ? Spread.of(shares).text(0) + " %" : "–",
        peak);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
