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
