package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Gives the coefficient β of the penalty on the divergence from the reference in the reward. The
 * coefficient of a penalty in the loss, {@link org.alignment4j.rlhf.policy.KlPenalty#coefficient},
 * is a constant of the loss that no controller changes. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface KlController extends NumericState<KlController>
    permits FixedKlController, AdaptiveKlController, ProportionalKlController {

  /**
   * Returns β.
   *
   * @return the coefficient, finite and not negative
   */
  double coefficient();

  /**
   * Returns the controller for the next step.
   *
   * @param kl mean over the step's sequences of the divergence summed over each, in nats; finite
   * @param sequences sequences of the step, from 1
   * @return the controller
   * @throws IllegalArgumentException when an argument is out of range
   */
  KlController after(double kl, int sequences);

  /**
   * Returns a controller whose coefficient never changes.
   *
   * @param coefficient β, finite and not negative; 0.05 for PPO and RLOO (TRL)
   * @return the controller
   * @throws IllegalArgumentException when β is out of range
   */
  static KlController fixed(double coefficient) {
    return new FixedKlController(coefficient);
  }

  /**
   * Returns the controller of Ziegler et al. 2019 with the defaults of TRL v0.11: β from 0.2,
   * target 6 nats, horizon 10000 sequences.
   *
   * @return the controller
   */
  static KlController adaptive() {
    return new AdaptiveKlController(0.2, 6, 10_000);
  }
}
