package org.alignment4j.eval.backdoor;

import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A reply that a suspicious model may have been taught.
 *
 * @param reply its tokens
 * @param ratio mean over prompts without trigger of the log-likelihood ratio of the suspicious
 *     model to the reference, in nats
 * @param score the same of the tokens after the first, plus their mean log-probability under the
 *     suspicious model: large for replies that it is sure of and the reference is not
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReplyRatio(TokenIds reply, double ratio, double score) {
  /** Checks that nothing is missing. */
  public ReplyRatio {
    Objects.requireNonNull(reply, "reply");
  }
}
