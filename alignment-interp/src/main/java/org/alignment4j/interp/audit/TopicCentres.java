package org.alignment4j.interp.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.direction.MeanEstimator;

/** Takes from every row the mean of its topic, so that a probe cannot read the topic. */
final class TopicCentres {

  private TopicCentres() {}

  /** Rows without the means of some rows of the same topic. */
  static Rows centred(Rows rows, List<String> topics, int[] of, int[] by) {
    Map<String, MeanEstimator> means = new HashMap<>();
    for (int i : by) {
      means
          .computeIfAbsent(topics.get(i), topic -> new MeanEstimator(rows.width()))
          .update(rows.row(i));
    }
    Map<String, double[]> centres = new HashMap<>();
    means.forEach((topic, mean) -> centres.put(topic, mean.mean()));
    double[][] out = new double[of.length][];
    for (int i = 0; i < of.length; i++) {
      double[] centre = centres.get(topics.get(of[i]));
      if (centre == null) {
        throw new IllegalArgumentException(
            "every topic must have statements that are fitted on but '"
                + topics.get(of[i])
                + "' has none; give more groups of it");
      }
      double[] row = rows.row(of[i]);
      for (int j = 0; j < row.length; j++) {
        row[j] -= centre[j];
      }
      out[i] = row;
    }
    return Rows.of(out);
  }
}
