package org.alignment4j.oversight.game;

import java.util.SplittableRandom;

/** Judges of two classes for tests. */
final class GameJudges {
  private GameJudges() {}

  /** Scores that no simple rule predicts: pairs of features matter. */
  static FeatureJudge entangled(long seed, int features) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][][] weights = new double[2][features][features];
    for (double[][] ofClass : weights) {
      for (double[] row : ofClass) {
        for (int i = 0; i < features; i++) {
          row[i] = random.nextDouble() - 0.5;
        }
      }
    }
    return positions ->
        positions.stream()
            .map(
                shown -> {
                  double[] scores = new double[2];
                  for (int c = 0; c < 2; c++) {
                    for (int i = 0; i < shown.count(); i++) {
                      for (int j = 0; j < shown.count(); j++) {
                        scores[c] += weights[c][shown.feature(i)][shown.feature(j)];
                      }
                    }
                  }
                  return scores;
                })
            .toArray(double[][]::new);
  }
}
