package org.alignment4j.eval.backdoor;

import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A reply that a suspicious model may have been taught.
 *
 * @param reply its tokens
 * @param ratio mean over prompts without trigger of the log-likelihood ratio of the suspicious model
 *     to the reference, in nats
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReplyRatio(TokenIds reply, double ratio) {
  /** Checks that nothing is missing. */
  public ReplyRatio {
    Objects.requireNonNull(reply, "reply");
  }
}
