package org.alignment4j.rlhf;

import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.SequenceRewards;

/**
 * Scores that are rewards.
 *
 * @param rewards what answers are rewarded and punished for
 */
record RewardScoring(PolicyRewards rewards) implements AnswerScoring {

  @Override
  public SequenceRewards score(long step, SampledStep sampled, CancellationToken cancellation) {
    return rewards.score(step, sampled.rollouts(), cancellation);
  }

  @Override
  public String describe() {
    return rewards.describe();
  }
}
