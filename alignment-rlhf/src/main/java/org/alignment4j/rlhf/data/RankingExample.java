package org.alignment4j.rlhf.data;

import java.util.List;
import org.apiguardian.api.API;

/**
 * A ranking as tokens.
 *
 * @param index where it was among those given
 * @param answers the prompt and its answers, best first
 * @param scores how good each answer is, never rising; equal scores are ties
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RankingExample(int index, Answers answers, List<Double> scores) {

  /**
   * Copies and checks.
   *
   * @throws IllegalArgumentException when answers and scores differ in number, or a score is not
   *     finite or rises
   */
  public RankingExample {
    scores = List.copyOf(scores);
    boolean right = scores.size() == answers.answers().size();
    for (int i = 0; i < scores.size(); i++) {
      right &= Double.isFinite(scores.get(i)) && (i == 0 || scores.get(i) <= scores.get(i - 1));
    }
    if (!right) {
      throw new IllegalArgumentException(
          "scores of ranking %s must be one per answer (%s), finite and never rise but were %s"
              .formatted(index, answers.answers().size(), scores));
    }
  }

  /**
   * Returns the number of pairs of answers that are not tied.
   *
   * @return at least 0
   */
  public int pairs() {
    int pairs = 0;
    for (int i = 0; i < scores.size(); i++) {
      for (int j = i + 1; j < scores.size(); j++) {
        pairs += scores.get(i) > scores.get(j) ? 1 : 0;
      }
    }
    return pairs;
  }
}
