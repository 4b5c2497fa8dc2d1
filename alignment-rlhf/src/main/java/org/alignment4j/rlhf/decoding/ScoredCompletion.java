package org.alignment4j.rlhf.decoding;

import java.util.Objects;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.reward.Reward;
import org.apiguardian.api.API;

/**
 * A completion and what a reward model says of it.
 *
 * @param completion what was sampled
 * @param reward its reward
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ScoredCompletion(Completion completion, Reward reward) {

  /** Checks that nothing is missing. */
  public ScoredCompletion {
    Objects.requireNonNull(completion, "completion");
    Objects.requireNonNull(reward, "reward");
  }
}
