package org.alignment4j.runtime.generate;

/** Arithmetic on one row of scores, in double; removed tokens are negative infinity. */
final class Rows {
  private Rows() {}

  static int checkToken(int token, int position, int vocabSize) {
    if (token < 0 || token >= vocabSize) {
      throw new IllegalArgumentException(
          "token must be in [0, "
              + vocabSize
              + ") but was "
              + token
              + " at position "
              + position
              + "; use the model's own tokenizer");
    }
    return token;
  }

  static double max(double[] scores) {
    double max = LogitsProcessor.REMOVED;
    for (double score : scores) {
      if (score > max) {
        max = score;
      }
    }
    return max;
  }

  /** Lowest id among the highest scores. */
  static int argmax(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  static double sumExp(double[] scores, double max) {
    double sum = 0;
    for (double score : scores) {
      if (score != LogitsProcessor.REMOVED) {
        sum += Math.exp(score - max);
      }
    }
    return sum;
  }

  /** Entropy of {@code softmax(scores)} in nats. */
  static double entropy(double[] scores, double max) {
    double total = sumExp(scores, max);
    double logTotal = Math.log(total);
    double entropy = 0;
    for (double score : scores) {
      if (score != LogitsProcessor.REMOVED) {
        double shifted = score - max;
        entropy -= Math.exp(shifted) / total * (shifted - logTotal);
      }
    }
    return entropy;
  }

  /** Removes tokens less probable than a cutoff, except the most probable ones. */
  static void removeBelow(double[] scores, double cutoff) {
    double max = max(scores);
    if (max == LogitsProcessor.REMOVED) {
      return;
    }
    double total = sumExp(scores, max);
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < max && Math.exp(scores[i] - max) / total < cutoff) {
        scores[i] = LogitsProcessor.REMOVED;
      }
    }
  }

  /** Natural logarithms of {@code softmax(logits)}. */
  static double[] logSoftmax(float[] logits) {
    double[] scores = new double[logits.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = logits[i];
    }
    double max = TokenSampler.checkedMax(scores);
    double shift = max + Math.log(sumExp(scores, max));
    for (int i = 0; i < scores.length; i++) {
      scores[i] -= shift;
    }
    return scores;
  }

  /** Natural logarithm of the probability of one token under {@code softmax(logits)}. */
  static double logSoftmax(float[] logits, int token) {
    double max = LogitsProcessor.REMOVED;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      if (logit != LogitsProcessor.REMOVED) {
        sum += Math.exp(logit - max);
      }
    }
    return logits[token] - (max + Math.log(sum));
  }

  static int countKept(double[] scores) {
    int count = 0;
    for (double score : scores) {
      if (score != LogitsProcessor.REMOVED) {
        count++;
      }
    }
    return count;
  }

  /** The k-th largest score, by a heap of k scores whose root is the smallest. */
  static double kthLargest(double[] scores, int k) {
    double[] heap = new double[k];
    System.arraycopy(scores, 0, heap, 0, k);
    for (int i = k / 2 - 1; i >= 0; i--) {
      siftDown(heap, i);
    }
    for (int i = k; i < scores.length; i++) {
      if (scores[i] > heap[0]) {
        heap[0] = scores[i];
        siftDown(heap, 0);
      }
    }
    return heap[0];
  }

  private static void siftDown(double[] heap, int at) {
    double value = heap[at];
    int i = at;
    while (2 * i + 1 < heap.length) {
      int child = 2 * i + 1;
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= value) {
        break;
      }
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = value;
  }
}
