package org.alignment4j.runtime.score;

import java.nio.FloatBuffer;
import org.alignment4j.api.ModelExecutionException;

/** The log-probability of each row's label, and whether it is the row's most likely token. */
final class Labelled {

  private final int[] labels;
  private final int vocab;
  private final double[] logProbs;
  private final boolean[] best;

  Labelled(int[] labels, int vocab) {
    this.labels = labels;
    this.vocab = vocab;
    this.logProbs = new double[labels.length];
    this.best = new boolean[labels.length];
  }

  /** Reads rows {@code [count, vocab]} of log-probabilities, the first being row {@code from}. */
  void read(int from, int count, FloatBuffer rows) {
    float[] row = new float[vocab];
    for (int i = 0; i < count; i++) {
      rows.get(i * vocab, row);
      int most = 0;
      for (int v = 1; v < vocab; v++) {
        if (row[v] > row[most]) {
          most = v;
        }
      }
      int label = labels[from + i];
      if (Float.isNaN(row[label])) {
        throw new ModelExecutionException(
            "log-probabilities must be numbers but token " + label + " has NaN; check the weights");
      }
      logProbs[from + i] = row[label];
      best[from + i] = most == label;
    }
  }

  /**
   * Reads one row of logits {@code [vocab]}; the sum of its softmax is taken in float64.
   *
   * @param label place of the row's label among all
   */
  void readLogits(int label, FloatBuffer row) {
    float[] logits = new float[vocab];
    row.get(0, logits);
    int most = 0;
    for (int v = 1; v < vocab; v++) {
      if (logits[v] > logits[most]) {
        most = v;
      }
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((double) logit - logits[most]);
    }
    double value = (double) logits[labels[label]] - logits[most] - Math.log(sum);
    if (Double.isNaN(value)) {
      throw new ModelExecutionException(
          "log-probabilities must be numbers but token "
              + labels[label]
              + " has NaN; check the weights");
    }
    logProbs[label] = value;
    best[label] = most == labels[label];
  }

  double[] logProbs() {
    return logProbs;
  }

  boolean greedy(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!best[i]) {
        return false;
      }
    }
    return true;
  }
}
