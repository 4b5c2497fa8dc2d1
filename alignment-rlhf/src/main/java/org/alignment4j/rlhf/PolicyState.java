package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.rlhf.advantage.EntropyController;
import org.alignment4j.rlhf.advantage.KlController;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.NumericState;
import org.alignment4j.rlhf.advantage.RunningMoments;
import org.jspecify.annotations.Nullable;

/**
 * What a training carries from step to step besides its networks.
 *
 * @param kl coefficient of the penalty on divergence
 * @param multiplier λ of a constraint; null without one
 * @param entropy weight of a bonus for entropy; null without one
 * @param rewards moments of all rewards so far, where they are normalised
 */
record PolicyState(
    KlController kl,
    @Nullable LagrangeMultiplier multiplier,
    @Nullable EntropyController entropy,
    RunningMoments rewards) {

  private static final String KL = "kl.";
  private static final String LAMBDA = "lambda.";
  private static final String ENTROPY = "entropy.";
  private static final String REWARDS = "rewards.";

  /** The state before the first step. */
  static PolicyState initial(PolicySettings settings) {
    CostConstraint constraint = settings.constraint();
    return new PolicyState(
        settings.method().kl(),
        constraint == null ? null : constraint.multiplier(),
        settings.terms().entropy().bonus(),
        RunningMoments.empty());
  }

  /** This state with the weight of a bonus for entropy after the updates of a step. */
  PolicyState with(@Nullable EntropyController after) {
    return new PolicyState(kl, multiplier, after, rewards);
  }

  /** As values of a checkpoint. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    put(values, KL, kl);
    if (multiplier != null) {
      put(values, LAMBDA, multiplier);
    }
    if (entropy != null) {
      put(values, ENTROPY, entropy);
    }
    put(values, REWARDS, rewards);
    return values;
  }

  /** The state that a checkpoint holds, with the settings of this one. */
  PolicyState restored(Map<String, String> values) {
    return new PolicyState(
        get(values, KL, kl),
        multiplier == null ? null : get(values, LAMBDA, multiplier),
        entropy == null ? null : get(values, ENTROPY, entropy),
        get(values, REWARDS, rewards));
  }

  private static void put(Map<String, String> values, String prefix, NumericState<?> part) {
    values.putAll(StateNumbers.values(prefix, part.state()));
  }

  private static <T extends NumericState<T>> T get(
      Map<String, String> values, String prefix, T part) {
    Map<String, List<Double>> state = StateNumbers.state(prefix, values);
    return state.isEmpty() ? part : part.restored(state);
  }
}
