package org.alignment4j.rlhf.synthetic;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.reward.RewardModel;
import org.apiguardian.api.API;

/** Which assumed pairs are believed. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface PairFilter permits LengthFilter, RewardFilter {

  /**
   * Returns what counts of dropped pairs call it.
   *
   * @return a few words
   */
  String reason();

  /**
   * Decides on pairs.
   *
   * @param pairs the pairs; may be empty
   * @param cancellation asks to stop
   * @return whether each is believed, in order
   */
  List<Boolean> keeps(List<SyntheticPair> pairs, CancellationToken cancellation);

  /**
   * Returns a filter of pairs whose better answer is much shorter than the worse one, counted in
   * words.
   *
   * @param leastRatio least words of the better answer for each word of the worse, not negative;
   *     such as 0.5
   * @return the filter
   * @throws IllegalArgumentException when the ratio is negative or not finite
   */
  static PairFilter length(double leastRatio) {
    return new LengthFilter(leastRatio);
  }

  /**
   * Returns a filter by a reward model as it is: it must agree on which answer is better.
   *
   * @param model scores answers to the prompts as given, in no style
   * @param margin by how much more than this the better answer must score, not negative
   * @return the filter
   * @throws IllegalArgumentException when the margin is negative or not finite
   */
  static PairFilter reward(RewardModel model, double margin) {
    return new RewardFilter(model, margin);
  }
}
