package org.alignment4j.rlhf.policy;

import java.util.function.Predicate;

/** Which losses a loss is made of. */
final class Wrapping {

  private Wrapping() {}

  /** Whether something holds for a loss, or for one that it wraps at any depth. */
  static boolean any(PolicyLoss loss, Predicate<PolicyLoss> wanted) {
    if (wanted.test(loss)) {
      return true;
    }
    if (loss instanceof KlRegularisedLoss penalised) {
      return any(penalised.policy(), wanted);
    }
    if (loss instanceof EntropyRegularisedLoss rewarded) {
      return any(rewarded.policy(), wanted);
    }
    return loss instanceof OffPolicyMaskedLoss masked && any(masked.policy(), wanted);
  }
}
