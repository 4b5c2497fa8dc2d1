package org.alignment4j.rlhf.study;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.Rollout;
import org.alignment4j.rlhf.decoding.BestOfN;
import org.alignment4j.rlhf.decoding.BestOfNEstimates;

/**
 * Answers of one policy in numbers, by prompt and sample.
 *
 * @param proxy proxy rewards
 * @param gold gold rewards
 * @param length numbers of tokens
 * @param surprise mean of −log π of an answer's tokens
 * @param logProbs log π of whole answers
 */
record AnswerTable(
    double[][] proxy,
    double[][] gold,
    double[][] length,
    double[][] surprise,
    double[][] logProbs) {

  static AnswerTable of(
      List<AnswerSampler.Answer> answers,
      int samples,
      RewardFunction proxy,
      RewardFunction gold,
      CancellationToken cancellation) {
    List<Rollout> rollouts = answers.stream().map(AnswerSampler.Answer::rollout).toList();
    double[] length = new double[answers.size()];
    double[] surprise = new double[answers.size()];
    double[] sums = new double[answers.size()];
    for (int i = 0; i < length.length; i++) {
      LogProbs logProbs = Objects.requireNonNull(answers.get(i).logProbs(), "logProbs");
      length[i] = logProbs.size();
      sums[i] = logProbs.sum();
      surprise[i] = -logProbs.mean();
    }
    return new AnswerTable(
        rows(Scores.all(proxy, rollouts, cancellation), samples),
        rows(Scores.all(gold, rollouts, cancellation), samples),
        rows(length, samples),
        rows(surprise, samples),
        rows(sums, samples));
  }

  /** Values of all answers by prompt and sample. */
  static double[][] rows(double[] values, int samples) {
    double[][] rows = new double[values.length / samples][samples];
    for (int i = 0; i < values.length; i++) {
      rows[i / samples][i % samples] = values[i];
    }
    return rows;
  }

  /** The mean of each row. */
  static double[] means(double[][] rows) {
    double[] means = new double[rows.length];
    for (int p = 0; p < means.length; p++) {
      for (double value : rows[p]) {
        means[p] += value / rows[p].length;
      }
    }
    return means;
  }

  /**
   * How often each gold reward is higher than one of another policy's to the same prompt, ties
   * counted one half.
   */
  double[][] wins(AnswerTable other) {
    double[][] wins = new double[gold.length][];
    for (int p = 0; p < wins.length; p++) {
      wins[p] = new double[gold[p].length];
      boolean own = other == this;
      for (int i = 0; i < wins[p].length; i++) {
        double sum = 0;
        for (int j = 0; j < other.gold[p].length; j++) {
          if (!own || j != i) {
            int order = Double.compare(gold[p][i], other.gold[p][j]);
            sum += order > 0 ? 1 : order == 0 ? 0.5 : 0;
          }
        }
        wins[p][i] = sum / (other.gold[p].length - (own ? 1 : 0));
      }
    }
    return wins;
  }

  /** The best of n by the proxy. */
  PointRow bestOf(int n, double[][] wins) {
    return new PointRow(
        "n = " + n,
        BestOfN.klBound(n),
        new double[0],
        best(proxy, n),
        best(gold, n),
        best(length, n),
        best(surprise, n),
        best(wins, n));
  }

  private double[] best(double[][] values, int n) {
    double[] best = new double[values.length];
    for (int p = 0; p < best.length; p++) {
      best[p] = BestOfNEstimates.expected(proxy[p], values[p], n);
    }
    return best;
  }
}
