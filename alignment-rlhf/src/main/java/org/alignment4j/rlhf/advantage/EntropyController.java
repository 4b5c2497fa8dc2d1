package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Gives the coefficient c of a bonus for the policy's entropy, {@code −c·mean H} over the tokens of
 * an update. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface EntropyController extends NumericState<EntropyController>
    permits FixedEntropyController, AdaptiveEntropyController {

  /**
   * Returns what the next update multiplies the entropy with.
   *
   * @return the coefficient, finite and not negative
   */
  double coefficient();

  /**
   * Returns the controller for the update after one.
   *
   * @param entropy mean entropy of the update's tokens, in nats; finite and not negative
   * @return the controller
   * @throws IllegalArgumentException when the entropy is out of range
   */
  EntropyController after(double entropy);

  /**
   * Returns a controller whose coefficient never changes.
   *
   * @param coefficient c, finite and not negative; 0 measures the entropy and leaves it alone
   * @return the controller
   * @throws IllegalArgumentException when c is out of range
   */
  static EntropyController fixed(double coefficient) {
    return new FixedEntropyController(coefficient);
  }

  /**
   * Returns a controller with the defaults of TRL: c from 0, within [0, 1], in steps of 0.005.
   *
   * @param target entropy below which there is a bonus, in nats a token, positive. 0.2, the default
   *     of TRL, acts on a collapse alone; take what is seen early in training to prevent one
   * @return the controller
   * @throws IllegalArgumentException when the target is out of range
   */
  static EntropyController adaptive(double target) {
    return AdaptiveEntropyController.of(0, 0, 1, 0.005, target);
  }
}
