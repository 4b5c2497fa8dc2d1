package org.alignment4j.runtime.score;

import java.nio.FloatBuffer;
import org.alignment4j.api.ModelExecutionException;

/** The log-probability of each row's label, and whether it is the row's most likely token. */
final class Labelled {

  private static final int PART = 1024;

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
    float[] part = new float[Math.min(PART, vocab)];
    for (int i = 0; i < count; i++) {
      int label = labels[from + i];
      float value = rows.get(i * vocab + label);
      if (Float.isNaN(value)) {
        throw new ModelExecutionException(
            "log-probabilities must be numbers but token " + label + " has NaN; check the weights");
      }
      logProbs[from + i] = value;
      best[from + i] = isBest(rows, i * vocab, label, value, part);
    }
  }

  /**
   * Whether no token is likelier, nor an earlier one as likely; most rows end in the first part.
   */
  private boolean isBest(FloatBuffer rows, int row, int label, float value, float[] part) {
    for (int start = 0; start < vocab; start += part.length) {
      int n = Math.min(part.length, vocab - start);
      rows.get(row + start, part, 0, n);
      for (int v = 0; v < n; v++) {
        if (part[v] > value || (part[v] == value && start + v < label)) {
          return false;
        }
      }
    }
    return true;
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
