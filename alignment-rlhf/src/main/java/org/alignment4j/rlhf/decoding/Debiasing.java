package org.alignment4j.rlhf.decoding;

import java.util.List;
import org.apiguardian.api.API;

/**
 * How strongly tokens that an undesired attribute makes more likely are held back (Schick et al.
 * 2021, arXiv 2103.00453, section 4): token w gets {@code p̃(w) ∝ α(Δ)·p(w|x)} where {@code Δ = min
 * over y of p(w|x) − p(w|sdb(x, y))} and {@code α(Δ) = 1} for Δ ≥ 0, else {@code max(ε, e^{λΔ})}.
 *
 * @param decay λ, not negative; 0 changes nothing. The paper has 10, 50 and 100
 * @param floor ε, the least factor, in [0, 1]; 0.01 in the paper's code
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Debiasing(double decay, double floor) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public Debiasing {
    if (!(decay >= 0) || Double.isInfinite(decay)) {
      throw new IllegalArgumentException("decay must be finite and not negative but was " + decay);
    }
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException("floor must be in [0, 1] but was " + floor);
    }
  }

  /**
   * Returns λ = 50 and ε = 0.01.
   *
   * @return the defaults
   */
  public static Debiasing standard() {
    return new Debiasing(50, 0.01);
  }

  /**
   * Returns the logarithm of a token's factor.
   *
   * @param difference Δ, a difference of probabilities, in [−1, 1]
   * @return {@code log α(Δ)}, at most 0
   */
  public double logFactor(double difference) {
    return difference >= 0 ? 0 : Math.max(decay * difference, Math.log(floor));
  }

  /**
   * Returns the debiased distribution.
   *
   * @param plain logits after the prompt, {@code [vocabSize]}
   * @param biased logits after each self-debiasing input, {@code [vocabSize]} each
   * @return {@code log α(Δ) + log p(w|x)}, not normalised, {@code [vocabSize]}
   */
  public double[] scores(double[] plain, List<double[]> biased) {
    double[] scores = logSoftmax(plain);
    double[] least = new double[scores.length];
    for (double[] one : biased) {
      double[] other = logSoftmax(one);
      for (int w = 0; w < least.length; w++) {
        least[w] = Math.min(least[w], Math.exp(scores[w]) - Math.exp(other[w]));
      }
    }
    for (int w = 0; w < least.length; w++) {
      scores[w] += logFactor(least[w]);
    }
    return scores;
  }

  private static double[] logSoftmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - max);
    }
    double shift = max + Math.log(sum);
    double[] result = new double[logits.length];
    for (int w = 0; w < result.length; w++) {
      result[w] = logits[w] - shift;
    }
    return result;
  }
}
