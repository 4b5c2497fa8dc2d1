package org.alignment4j.rlhf;

import org.alignment4j.rlhf.advantage.AdvantageEstimator;
import org.alignment4j.rlhf.advantage.DecoupledGroupEstimator;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.MissingEos;
import org.alignment4j.rlhf.advantage.PassAtKEstimator;

/** Which rewards an estimator of advantages can be given. */
final class RewardFit {

  private RewardFit() {}

  /**
   * Refuses rewards that a step would refuse, or that would lose what the method is chosen for.
   *
   * @throws IllegalArgumentException when they do not go together
   */
  static void check(PolicyMethod method, PolicyRewards rewards) {
    AdvantageEstimator estimator = method.estimator();
    if (estimator instanceof DecoupledGroupEstimator && rewards.normaliser() != null) {
      throw new IllegalArgumentException(
          ("%s standardises each reward function by itself but normalise(...) makes one reward of all"
                  + " before that; leave it away, or give WhitenedReward functions")
              .formatted(method.name()));
    }
    if (estimator instanceof PassAtKEstimator passAtK) {
      requireVerdicts(passAtK, method, rewards);
    }
  }

  private static void requireVerdicts(
      PassAtKEstimator estimator, PolicyMethod method, PolicyRewards rewards) {
    for (WeightedReward reward : rewards.functions()) {
      if (reward.weight() != 1 && reward.weight() != 0) {
        throw refused(
            estimator,
            "reward '%s' has the weight %s".formatted(reward.function().name(), reward.weight()));
      }
    }
    if (rewards.normaliser() != null) {
      throw refused(estimator, "normalise(...) brings them to another scale");
    }
    MissingEos missingEnd = rewards.missingEnd();
    if (missingEnd != null && !keepsVerdicts(missingEnd)) {
      throw refused(estimator, "a missing end changes them by " + missingEnd);
    }
    if (rewards.overlong() != null) {
      throw refused(estimator, "long completions change them by " + rewards.overlong());
    }
    if (!method.kl().equals(KlController.fixed(0))) {
      throw refused(estimator, "divergence changes them by " + method.kl());
    }
  }

  private static boolean keepsVerdicts(MissingEos rule) {
    return rule.mode() == MissingEos.Mode.SUBTRACT
        ? rule.value() == 0
        : rule.value() == 0 || rule.value() == 1;
  }

  private static IllegalArgumentException refused(PassAtKEstimator estimator, String why) {
    return new IllegalArgumentException(
        ("pass@%s takes rewards of 0 or 1 but %s; give one reward of weight 1 that says whether the"
                + " answer is right, and put penalties in the loss")
            .formatted(estimator.k(), why));
  }
}
