package org.alignment4j.interp.audit;

import java.util.SplittableRandom;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.probe.LinearProbe;

/** Probes along directions that are drawn, not found. */
final class RandomProbe {

  private RandomProbe() {}

  /** A Gaussian direction; its sign and boundary are those of the classes' means along it. */
  static LinearProbe draw(SiteProbe like, int[] train, SplittableRandom random) {
    Rows rows = like.rows(train);
    boolean[] labels = like.data().labels(train);
    double[] weights = direction(rows.width(), random);
    double above = 0;
    double below = 0;
    int positives = 0;
    for (int i = 0; i < labels.length; i++) {
      double score = rows.dot(i, weights);
      above += labels[i] ? score : 0;
      below += labels[i] ? 0 : score;
      positives += labels[i] ? 1 : 0;
    }
    above /= positives;
    below /= labels.length - positives;
    double sign = above >= below ? 1 : -1;
    for (int j = 0; j < weights.length; j++) {
      weights[j] *= sign;
    }
    return LinearProbe.of("random", like.site(), weights, -sign * (above + below) / 2);
  }

  static double[] direction(int width, SplittableRandom random) {
    double[] direction = new double[width];
    for (int j = 0; j < width; j++) {
      direction[j] = random.nextGaussian();
    }
    return direction;
  }
}
