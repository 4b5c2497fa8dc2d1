package org.alignment4j.rlhf;

import java.util.Objects;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.jspecify.annotations.Nullable;

/**
 * How answers come about and become pairs.
 *
 * @param rollouts how they are sampled
 * @param samples how many of a prompt
 * @param ties what becomes of those that score the same
 * @param rewards what they are rewarded for
 * @param judge what compares them in place of rewards; null for none
 */
record OnlineSampling(
    RolloutOptions rollouts, int samples, Ties ties, PolicyRewards rewards, @Nullable Judge judge) {

  /** A judge by the name that metrics call it. */
  record Judge(String name, PreferenceLabeler labeler) {
    Judge {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(labeler, "judge");
    }
  }

  OnlineSampling {
    Objects.requireNonNull(rollouts, "rollouts");
    Objects.requireNonNull(ties, "ties");
    if (samples < 2) {
      throw new IllegalArgumentException(
          "samples must be at least 2, to have a better and a worse one, but was " + samples);
    }
  }

  OnlineSampling with(RolloutOptions other) {
    return new OnlineSampling(other, samples, ties, rewards, judge);
  }

  OnlineSampling withSamples(int perPrompt) {
    return new OnlineSampling(rollouts, perPrompt, ties, rewards, judge);
  }

  OnlineSampling with(Ties other) {
    return new OnlineSampling(rollouts, samples, other, rewards, judge);
  }

  OnlineSampling with(PolicyRewards other) {
    return new OnlineSampling(rollouts, samples, ties, other, judge);
  }

  OnlineSampling with(Judge other) {
    return new OnlineSampling(rollouts, samples, ties, rewards, other);
  }

  /**
   * What tells answers apart.
   *
   * @throws IllegalArgumentException when there is neither reward nor judge, or both
   */
  AnswerScoring scoring() {
    if (judge == null && rewards.functions().isEmpty()) {
      throw new IllegalArgumentException(
          "answers need a reward or a judge to tell them apart; give one by reward(...) or"
              + " judge(...)");
    }
    if (judge != null && !rewards.functions().isEmpty()) {
      throw new IllegalArgumentException(
          "answers are told apart by rewards or by a judge but both were given: "
              + rewards.describe()
              + " and the judge '"
              + judge.name()
              + "'");
    }
    return judge == null
        ? new RewardScoring(rewards)
        : new JudgeScoring(judge.name(), judge.labeler(), rewards);
  }
}
