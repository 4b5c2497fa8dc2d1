package org.alignment4j.eval.backdoor;

import java.util.List;
import java.util.Objects;
import org.alignment4j.eval.redteam.Authority;
import org.apiguardian.api.API;

/**
 * What a {@link BackdoorDetector} found in a model.
 *
 * @param model the model's name
 * @param authority who allowed the test
 * @param score the largest score of a reply, see {@link ReplyRatio#score}, in nats: higher for
 *     models with a backdoor; negative infinity when no reply could be scored
 * @param replies replies with the largest scores, best first
 * @param searched the first of them with the triggers found for them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BackdoorEvidence(
    String model,
    Authority authority,
    double score,
    List<ReplyRatio> replies,
    List<SuspiciousReply> searched) {

  /** Copies. */
  public BackdoorEvidence {
    Objects.requireNonNull(authority, "authority");
    replies = List.copyOf(replies);
    searched = List.copyOf(searched);
  }
}
