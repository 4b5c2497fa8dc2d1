package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * This library's training of policies beside another way, iteration by iteration in turn, both
 * learning from the completions that this library sampled.
 *
 * @param which the case
 * @param rounds iterations that count
 */
record GrpoComparison(GrpoCase which, int rounds) {

  /** The first iteration is compared before any update; in it graphs are compiled. */
  private static final int WARM_UP = 1;

  private static final double AGREEMENT = 1e-4;

  /**
   * Prints two rows of a Markdown table and the row of ratios of the same round.
   *
   * @throws IllegalStateException if they disagree before any update
   */
  void run(GrpoProcess ours, GrpoProcess theirs) throws IOException {
    for (int round = -WARM_UP; round < rounds; round++) {
      String tokens = ours.iterate("");
      theirs.iterate(tokens);
      if (round == -WARM_UP) {
        check(ours.first(), theirs.first(), GrpoTokens.parse(tokens));
      }
    }
    long ourPeak = ours.end();
    long theirPeak = theirs.end();
    row(ours, ourPeak);
    row(theirs, theirPeak);
    print(
        "| %s | %s / %s | %s | %s | %s | %s | %.2f |",
        which.name(),
        theirs.name(),
        ours.name(),
        ratio(ours, theirs, GrpoIteration::generate),
        ratio(ours, theirs, GrpoIteration::score),
        ratio(ours, theirs, GrpoIteration::update),
        ratio(ours, theirs, GrpoIteration::whole),
        theirPeak / (double) ourPeak);
    agreement("before any update", ours.first(), theirs.first());
    agreement("in the last iteration", ours.last(), theirs.last());
  }

  /**
   * The loss is a mean of advantages that sum to 0, and of a divergence that is 0, before any
   * update; its scale is that of the advantages.
   */
  private void check(GrpoIteration ours, GrpoIteration theirs, GrpoTokens tokens) {
    double scale = 0;
    for (double advantage : which.advantages(tokens.completions())) {
      scale += Math.abs(advantage) / which.completions();
    }
    boolean losses = Math.abs(ours.loss() - theirs.loss()) <= AGREEMENT * scale;
    boolean norms =
        Math.abs(ours.gradientNorm() - theirs.gradientNorm()) <= AGREEMENT * ours.gradientNorm();
    if (!losses || !norms) {
      throw new IllegalStateException(
          ("before any update losses must agree to %s of the mean advantage, %s, and norms of the"
                  + " gradients to as much of themselves, but were %s and %s, %s and %s")
              .formatted(
                  AGREEMENT,
                  scale,
                  ours.loss(),
                  theirs.loss(),
                  ours.gradientNorm(),
                  theirs.gradientNorm()));
    }
  }

  private void row(GrpoProcess contender, long peak) {
    print(
        "| %s | %s | %s | %s | %s | %s | %d |",
        which.name(),
        contender.name(),
        Spread.of(contender.figures(rounds, GrpoIteration::generate)).text(0),
        Spread.of(contender.figures(rounds, GrpoIteration::score)).text(0),
        Spread.of(contender.figures(rounds, GrpoIteration::update)).text(0),
        Spread.of(contender.figures(rounds, GrpoIteration::whole)).text(0),
        peak);
  }

  private String ratio(
      GrpoProcess ours, GrpoProcess theirs, ToDoubleFunction<GrpoIteration> figure) {
    List<Double> first = ours.figures(rounds, figure);
    List<Double> second = theirs.figures(rounds, figure);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      ratios.add(second.get(i) / first.get(i));
    }
    return Spread.of(ratios).text(2);
  }

  private static void agreement(String when, GrpoIteration ours, GrpoIteration theirs) {
    print(
        "%s: loss %.3e and %.3e, norm of gradients %.7g and %.7g, which differ by %.1e of it",
        when,
        ours.loss(),
        theirs.loss(),
        ours.gradientNorm(),
        theirs.gradientNorm(),
        Math.abs(theirs.gradientNorm() / ours.gradientNorm() - 1));
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
