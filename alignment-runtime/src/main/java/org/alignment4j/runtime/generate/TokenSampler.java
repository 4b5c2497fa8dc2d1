package org.alignment4j.runtime.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.alignment4j.api.ModelExecutionException;

/** Takes one token from a row of scores. Stateless and thread-safe. */
final class TokenSampler {
  private TokenSampler() {}

  /**
   * Takes the highest score, the lowest id among equals.
   *
   * @param scores processed scores {@code [vocabSize]}
   * @return the token and its log-probability under {@code softmax(scores)}
   * @throws ModelExecutionException when no token is left or a score is NaN or positive infinity
   */
  public static TokenChoice greedy(double[] scores) {
    double max = checkedMax(scores);
    return new TokenChoice(Rows.argmax(scores), -Math.log(Rows.sumExp(scores, max)));
  }

  /**
   * Draws a token by the inverse of the cumulative distribution in order of id: the first token at
   * which the cumulative probability exceeds {@code uniform}.
   *
   * @param scores processed scores {@code [vocabSize]}
   * @param uniform a random number in [0, 1)
   * @return the token and its log-probability under {@code softmax(scores)}
   * @throws IllegalArgumentException when {@code uniform} is outside [0, 1)
   * @throws ModelExecutionException when no token is left or a score is NaN or positive infinity
   */
  public static TokenChoice draw(double[] scores, double uniform) {
    if (!(uniform >= 0 && uniform < 1)) {
      throw new IllegalArgumentException("uniform must be in [0, 1) but was " + uniform);
    }
    double max = checkedMax(scores);
    double[] masses = new double[scores.length];
    double total = 0;
    for (int i = 0; i < masses.length; i++) {
      if (scores[i] != LogitsProcessor.REMOVED) {
        masses[i] = Math.exp(scores[i] - max);
        total += masses[i];
      }
    }
    double target = uniform * total;
    double cumulative = 0;
    int last = -1;
    for (int i = 0; i < masses.length; i++) {
      if (masses[i] > 0) {
        last = i;
        cumulative += masses[i];
        if (cumulative > target) {
          break;
        }
      }
    }
    return new TokenChoice(last, scores[last] - max - Math.log(total));
  }

  /**
   * Returns the most likely tokens of a distribution. Given raw logits these are the model's own
   * probabilities, before any sampling transform.
   *
   * @param logits scores {@code [vocabSize]}
   * @param count how many; at most the vocabulary size is returned
   * @return tokens with log-probabilities under {@code softmax(logits)}, most likely first, lower
   *     ids first among equals
   * @throws IllegalArgumentException when {@code count} is negative
   * @throws ModelExecutionException when no token is left or a score is NaN or positive infinity
   */
  public static List<TokenChoice> top(double[] logits, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative but was " + count);
    }
    int k = Math.min(count, logits.length);
    if (k == 0) {
      return List.of();
    }
    double max = checkedMax(logits);
    double logTotal = Math.log(Rows.sumExp(logits, max));
    double threshold = Rows.kthLargest(logits, k);
    List<TokenChoice> candidates = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] >= threshold && logits[i] != LogitsProcessor.REMOVED) {
        candidates.add(new TokenChoice(i, logits[i] - max - logTotal));
      }
    }
    candidates.sort(Comparator.comparingDouble(TokenChoice::logProb).reversed());
    return List.copyOf(candidates.subList(0, Math.min(k, candidates.size())));
  }

  /**
   * The highest score.
   *
   * @throws ModelExecutionException when no token is left or a score is NaN or positive infinity
   */
  static double checkedMax(double[] scores) {
    double max = LogitsProcessor.REMOVED;
    for (int i = 0; i < scores.length; i++) {
      double score = scores[i];
      if (Double.isNaN(score) || score == Double.POSITIVE_INFINITY) {
        throw new ModelExecutionException(
            "scores must be finite but token " + i + " has " + score + "; check the weights");
      }
      if (score > max) {
        max = score;
      }
    }
    if (max == LogitsProcessor.REMOVED) {
      throw new ModelExecutionException(
          "at least one token must remain but all "
              + scores.length
              + " are removed; loosen noRepeatNgramSize or ignoreEos");
    }
    return max;
  }
}
