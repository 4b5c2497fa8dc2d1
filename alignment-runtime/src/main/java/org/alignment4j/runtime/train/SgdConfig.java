package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Settings of stochastic gradient descent, with the meaning they have in {@code torch.optim.SGD}.
 *
 * @param momentum μ, in [0, 1); 0 keeps no state
 * @param dampening τ, in [0, 1): how much less than whole a gradient enters the momentum, from the
 *     second step on
 * @param nesterov whether the step looks ahead; needs momentum and no dampening
 * @param weightDecay λ, added to the gradient as {@code λ·p} after clipping: an L2 penalty, not
 *     decoupled decay; not negative
 * @param decayed which tensors decay
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SgdConfig(
    double momentum, double dampening, boolean nesterov, double weightDecay, Decayed decayed)
    implements OptimizerConfig {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range, or Nesterov's step is asked for
   *     without momentum or with dampening
   */
  public SgdConfig {
    Rules.fraction("momentum", momentum);
    Rules.fraction("dampening", dampening);
    Rules.notNegative("weightDecay", weightDecay);
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "nesterov must have positive momentum and no dampening but they were "
              + momentum
              + " and "
              + dampening);
    }
  }

  /**
   * Returns plain gradient descent: no momentum, no decay.
   *
   * @return the defaults
   */
  public static SgdConfig defaults() {
    return new SgdConfig(0, 0, false, 0, Decayed.MATRICES);
  }

  /**
   * Returns these settings with momentum and no dampening.
   *
   * @param newMomentum μ
   * @param lookAhead whether the step is Nesterov's
   * @return new settings
   */
  public SgdConfig momentum(double newMomentum, boolean lookAhead) {
    return new SgdConfig(newMomentum, 0, lookAhead, weightDecay, decayed);
  }

  /**
   * Returns these settings with weight decay.
   *
   * @param decay λ
   * @param which tensors that decay
   * @return new settings
   */
  public SgdConfig weightDecay(double decay, Decayed which) {
    return new SgdConfig(momentum, dampening, nesterov, decay, which);
  }

  @Override
  public Optimizer create(FlatParameters parameters, Executor executor, int threads) {
    return new Sgd(this, parameters, executor, threads);
  }
}
