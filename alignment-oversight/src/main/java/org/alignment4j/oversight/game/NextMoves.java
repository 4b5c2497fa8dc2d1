package org.alignment4j.oversight.game;

import java.util.ArrayList;
import java.util.List;

/** What the judge makes of every position one move on, asked in one call. */
final class NextMoves {
  private final List<Integer> features;
  private final double[] margins;
  private final double sign;

  private NextMoves(List<Integer> features, double[] margins, double sign) {
    this.features = features;
    this.margins = margins;
    this.sign = sign;
  }

  static NextMoves judged(FeatureGame game, Shown shown, FeatureJudge judge) {
    List<Integer> legal = game.legal(shown);
    List<Shown> next = new ArrayList<>(legal.size());
    legal.forEach(feature -> next.add(game.show(shown, feature)));
    double[][] scores = judge.scores(next);
    double[] margins = new double[scores.length];
    for (int i = 0; i < margins.length; i++) {
      margins[i] = game.margin(scores[i]);
    }
    return new NextMoves(legal, margins, game.honestToMove(shown) ? 1 : -1);
  }

  /** How many features may be shown. */
  int count() {
    return margins.length;
  }

  /** The {@code i}-th feature that may be shown. */
  int feature(int i) {
    return features.get(i);
  }

  /** By how much the truth would score higher than the lie after the {@code i}-th feature. */
  double margin(int i) {
    return margins[i];
  }

  /** The feature after which the judge is most on the side of who is to move. */
  int best() {
    int best = 0;
    for (int i = 1; i < margins.length; i++) {
      if (sign * margins[i] > sign * margins[best]) {
        best = i;
      }
    }
    return features.get(best);
  }
}
