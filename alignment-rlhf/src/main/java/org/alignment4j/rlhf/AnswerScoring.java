package org.alignment4j.rlhf;

import org.alignment4j.api.CancellationToken;
import org.alignment4j.rlhf.advantage.SequenceRewards;

/** How sampled answers to one prompt are told apart. */
sealed interface AnswerScoring permits RewardScoring, JudgeScoring {

  /**
   * Scores the answers of a step.
   *
   * @return a score for each that has one; higher is better among answers to one prompt
   * @throws IllegalArgumentException when a score is not finite, named by function and sample
   */
  SequenceRewards score(long step, SampledStep sampled, CancellationToken cancellation);

  /** Rewards and rules behind the scores; their functions may remember. */
  PolicyRewards rewards();

  /** What scores depend on, as far as names tell. */
  String describe();
}
