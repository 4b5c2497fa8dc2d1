package org.alignment4j.oversight.game;

import java.util.List;

/**
 * How promising features are throughout a search, from what the judge made of each as the first
 * move: the softmax of its margin over a scale, for the liar of the negative margin. A feature that
 * helps a side now is likely to help it later, and the judge is not asked again.
 */
final class MovePriors {
  private final double[] leaning;

  MovePriors(FeatureGame game, NextMoves first, double scale) {
    leaning = new double[game.values().size()];
    for (int i = 0; i < first.count(); i++) {
      leaning[first.feature(i)] = first.margin(i) / scale;
    }
  }

  /**
   * Returns the priors of some features, which sum to 1.
   *
   * @param features what may be shown, at least one
   * @param sign 1 where the honest player is to move, else −1
   */
  double[] of(List<Integer> features, double sign) {
    double[] priors = new double[features.size()];
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < priors.length; i++) {
      priors[i] = sign * leaning[features.get(i)];
      most = Math.max(most, priors[i]);
    }
    double sum = 0;
    for (int i = 0; i < priors.length; i++) {
      priors[i] = Math.exp(priors[i] - most);
      sum += priors[i];
    }
    for (int i = 0; i < priors.length; i++) {
      priors[i] /= sum;
    }
    return priors;
  }
}
