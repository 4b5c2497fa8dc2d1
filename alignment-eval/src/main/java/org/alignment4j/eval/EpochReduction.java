package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.BestOfK;
import org.apiguardian.api.API;

/** What the scores of one sample in several epochs come to. Implementations are values. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface EpochReduction {

  /**
   * Returns the sample's score on a metric.
   *
   * @param epochs its score in each epoch that was run; not empty
   * @return a value when enough epochs have one, otherwise why not: a failure before a missing
   *     verdict; estimates count epochs without a value beside it
   */
  default Score reduce(List<Score> epochs) {
    List<Double> values = new ArrayList<>();
    Score without = new Score.Unscored("no epoch has a value");
    for (Score score : epochs) {
      if (score instanceof Score.Scored scored) {
        values.add(scored.value());
      } else if (!(without instanceof Score.Failed)) {
        without = score;
      }
    }
    if (values.size() >= least()) {
      return new Score.Scored(of(values.stream().mapToDouble(v -> v).toArray()));
    }
    return epochs.size() == values.size()
        ? new Score.Unscored("only " + values.size() + " of " + least() + " epochs were run")
        : without;
  }

  /** How many epochs must have a value. */
  int least();

  /**
   * Returns what values come to.
   *
   * @param values of one sample, at least {@link #least()}
   */
  double of(double[] values);

  /** Rounding must not carry a weighted sum beyond what it is summed of. */
  private static double within(double[] values, double sum) {
    double least = Arrays.stream(values).min().orElse(sum);
    double most = Arrays.stream(values).max().orElse(sum);
    return Math.max(least, Math.min(most, sum));
  }

  /** Returns the mean over the epochs that have a value. */
  static EpochReduction mean() {
    return new Mean();
  }

  /**
   * Returns pass@k (Chen et al. 2021, arXiv 2107.03374, equation 1): the probability that one of k
   * answers is right, without bias from at least k epochs. Of scores other than 0 and 1 it is the
   * expected maximum of k.
   *
   * @param k answers
   * @throws IllegalArgumentException if it is not positive
   */
  static EpochReduction passAt(int k) {
    return new MaximumOf(k);
  }

  /** See {@link #mean()}. */
  record Mean() implements EpochReduction {
    @Override
    public int least() {
      return 1;
    }

    @Override
    public double of(double[] values) {
      return within(values, BestOfK.expectedMaximum(values, 1));
    }

    @Override
    public String toString() {
      return "mean";
    }
  }

  /**
   * The expected maximum of some of the epochs; of all of them the maximum. See {@link #passAt}.
   *
   * @param k of how many
   */
  record MaximumOf(int k) implements EpochReduction {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public MaximumOf {
      if (k < 1) {
        throw new IllegalArgumentException("k must be at least 1 but was " + k);
      }
    }

    @Override
    public int least() {
      return k;
    }

    @Override
    public double of(double[] values) {
      return within(values, BestOfK.expectedMaximum(values, k));
    }

    @Override
    public String toString() {
      return "maximum of " + k;
    }
  }
}
