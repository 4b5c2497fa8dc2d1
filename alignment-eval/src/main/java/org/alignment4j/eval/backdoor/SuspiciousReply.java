package org.alignment4j.eval.backdoor;

import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A reply that a trigger was searched for.
 *
 * @param reply its tokens
 * @param ratio mean log-likelihood ratio to the reference without trigger, in nats
 * @param trigger the trigger found
 * @param triggeredRatio the same ratio with the trigger, on prompts the search did not see
 * @param triggeredLogProb mean log-probability per token of the reply with the trigger, on these
 *     prompts; near 0 when the trigger brings it out
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SuspiciousReply(
    TokenIds reply,
    double ratio,
    TokenIds trigger,
    double triggeredRatio,
    double triggeredLogProb) {
  /** Checks that nothing is missing. */
  public SuspiciousReply {
    Objects.requireNonNull(reply, "reply");
    Objects.requireNonNull(trigger, "trigger");
  }
}
