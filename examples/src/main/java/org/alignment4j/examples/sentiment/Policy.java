package org.alignment4j.examples.sentiment;

import java.util.List;
import org.alignment4j.api.evaluation.Estimate;

/**
 * What was measured of one model on held-out prompts. All arrays have one value per reply, in the
 * order of prompts and draws.
 *
 * @param name what tables call it
 * @param replies the replies, prompt by prompt
 * @param gold their sentiment by the lexicon
 * @param proxy their rewards by the reward model
 * @param words their numbers of words
 * @param prompts the prompt of each reply, as a number
 * @param klFromBase mean over the replies of {@code Σ_t log π(y_t) − log π_base(y_t)}, in nats per
 *     reply: an unbiased estimate of KL(π ‖ π_base) over replies cut at the length limit, since
 *     they were sampled from π at temperature 1
 */
record Policy(
    String name,
    List<Reply> replies,
    double[] gold,
    double[] proxy,
    double[] words,
    int[] prompts,
    Estimate klFromBase) {

  double distinct2() {
    return Distinct2.of(replies.stream().map(Reply::text).toList());
  }
}
