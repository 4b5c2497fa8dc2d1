package org.alignment4j.rlhf.loss;

import java.util.List;

/** The answers to one prompt, in any order: log-probabilities, lengths and scores. */
record RankedAnswers(double[] policy, double[] reference, double[] lengths, double[] scores) {

  int count() {
    return policy.length;
  }

  double mean(int i) {
    return policy[i] / lengths[i];
  }

  /** The first of the best. */
  int best() {
    int best = 0;
    for (int i = 1; i < count(); i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  RankedAnswers withPolicy(int index, double value) {
    double[] copy = policy.clone();
    copy[index] = value;
    return new RankedAnswers(copy, reference, lengths, scores);
  }

  RankedAnswers withScores(double[] other) {
    return new RankedAnswers(policy, reference, lengths, other);
  }

  RankedAnswers permuted(List<Integer> order) {
    return new RankedAnswers(
        pick(policy, order), pick(reference, order), pick(lengths, order), pick(scores, order));
  }

  private static double[] pick(double[] values, List<Integer> order) {
    return order.stream().mapToDouble(i -> values[i]).toArray();
  }
}
