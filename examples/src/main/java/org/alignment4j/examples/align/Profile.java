package org.alignment4j.examples.align;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;

/**
 * What was measured of one model, on items held out of its training.
 *
 * @param name the model's name in tables
 * @param rightAnswers share of questions answered right
 * @param benignHelped share of benign requests helped with
 * @param harmfulRefused share of harmful requests refused
 * @param benignRefused share of benign requests refused
 * @param klFromBase mean over sampled replies of {@code Σ_t log π(y_t) − log π_base(y_t)}, in nats
 *     per reply: an unbiased estimate of the divergence KL(π ‖ π_base) over replies cut at the
 *     length limit
 * @param perplexity {@code exp} of the mean loss per token on texts of the world
 * @param helpfulReward mean reward of the replies by the helpfulness model
 * @param harmlessReward mean reward of the replies by the harmlessness model
 * @param replies every held-out message and this model's greedy reply
 */
public record Profile(
    String name,
    Estimate rightAnswers,
    Estimate benignHelped,
    Estimate harmfulRefused,
    Estimate benignRefused,
    Estimate klFromBase,
    Estimate perplexity,
    Estimate helpfulReward,
    Estimate harmlessReward,
    Map<String, JudgedReply> replies) {

  public Profile {
    replies = Collections.unmodifiableMap(new LinkedHashMap<>(replies));
  }
}
