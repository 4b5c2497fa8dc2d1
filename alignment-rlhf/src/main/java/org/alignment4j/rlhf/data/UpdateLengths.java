package org.alignment4j.rlhf.data;

import java.util.List;
import org.apiguardian.api.API;

/**
 * How many tokens the pairs of an update have on average. A pair whose label is right with
 * probability p counts as p of a pair and 1 − p of the pair with answers exchanged.
 *
 * @param answers mean length of the preferred answers, end tokens included
 * @param prompts mean length of the prompts without their first tokens, which nothing predicts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UpdateLengths(double answers, double prompts) {

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException when one is not finite, no answer has tokens, or prompts have
   *     fewer than none
   */
  public UpdateLengths {
    if (!(answers > 0 && prompts >= 0 && Double.isFinite(answers + prompts))) {
      throw new IllegalArgumentException(
          "answers must have more and prompts no fewer than 0 tokens but have %s and %s"
              .formatted(answers, prompts));
    }
  }

  /**
   * Returns the mean lengths of pairs.
   *
   * @param pairs all pairs of an update, at least one
   * @return their mean lengths
   * @throws IllegalArgumentException when there is no pair
   */
  public static UpdateLengths of(List<PreferenceExample> pairs) {
    double answers = 0;
    double prompts = 0;
    for (PreferenceExample e : pairs) {
      double p = e.probability();
      answers += p * e.chosen().size() + (1 - p) * e.rejected().size();
      prompts += e.prompt().size() - 1;
    }
    return new UpdateLengths(answers / pairs.size(), prompts / pairs.size());
  }
}
