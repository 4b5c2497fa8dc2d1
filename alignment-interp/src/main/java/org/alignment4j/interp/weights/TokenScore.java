package org.alignment4j.interp.weights;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apiguardian.api.API;

/**
 * A token and what it scores.
 *
 * @param token its id
 * @param score the score, such as a logit
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenScore(int token, double score) {

  /**
   * The tokens of the greatest scores, from the greatest on; of equal ones the lower id comes
   * first.
   *
   * @param scores one a token, {@code [V]}
   * @param count how many; all where there are fewer
   * @throws IllegalArgumentException if the count is negative or a score NaN
   */
  public static List<TokenScore> greatest(double[] scores, int count) {
    return ranked(scores, count, Comparator.comparingDouble(s -> -s.score));
  }

  /**
   * The tokens of the least scores, from the least on; of equal ones the lower id comes first.
   *
   * @param scores one a token, {@code [V]}
   * @param count how many; all where there are fewer
   * @throws IllegalArgumentException if the count is negative or a score NaN
   */
  public static List<TokenScore> least(double[] scores, int count) {
    return ranked(scores, count, Comparator.comparingDouble(s -> s.score));
  }

  private static List<TokenScore> ranked(
      double[] scores, int count, Comparator<TokenScore> bestFirst) {
    if (count < 0) {
      throw new IllegalArgumentException("count must not be negative but was " + count);
    }
    Comparator<TokenScore> order = bestFirst.thenComparingInt(TokenScore::token);
    PriorityQueue<TokenScore> kept = new PriorityQueue<>(order.reversed());
    for (int token = 0; token < scores.length; token++) {
      if (Double.isNaN(scores[token])) {
        throw new IllegalArgumentException(
            "scores must be numbers but that of token " + token + " was NaN");
      }
      kept.add(new TokenScore(token, scores[token]));
      if (kept.size() > count) {
        kept.remove();
      }
    }
    return kept.stream().sorted(order).toList();
  }
}
