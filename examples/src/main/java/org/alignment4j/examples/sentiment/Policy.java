package org.alignment4j.examples.sentiment;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Estimate;

/**
 * What was measured of one model on held-out prompts.
 *
 * @param name what tables call it
 * @param replies the replies, prompt by prompt, equally many to each
 * @param klFromBase mean over the replies of {@code Σ_t log π(y_t) − log π_base(y_t)}, in nats per
 *     reply: an unbiased estimate of KL(π ‖ π_base) over replies cut at the length limit, since
 *     they were sampled from π at temperature 1
 */
record Policy(String name, List<ScoredReply> replies, Estimate klFromBase) {

  Policy {
    replies = List.copyOf(replies);
  }

  /** A figure of every reply. */
  double[] values(ToDoubleFunction<ScoredReply> figure) {
    return replies.stream().mapToDouble(figure).toArray();
  }

  /** The prompt of every reply: replies to one prompt depend on each other. */
  int[] prompts() {
    return replies.stream().mapToInt(ScoredReply::prompt).toArray();
  }

  double distinct2() {
    return Distinct2.of(replies.stream().map(r -> r.reply().text()).toList());
  }
}
