package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Settings of Lion. Its steps are all of one size, so that its authors take a learning rate three
 * to ten times smaller than AdamW's, and a decay as much larger.
 *
 * @param beta1 share of the momentum in the direction of a step, in [0, 1)
 * @param beta2 decay of the momentum, in [0, 1)
 * @param weightDecay decoupled decay per unit of learning rate, not negative
 * @param decayed which tensors decay
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LionConfig(double beta1, double beta2, double weightDecay, Decayed decayed)
    implements OptimizerConfig {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public LionConfig {
    Rules.fraction("beta1", beta1);
    Rules.fraction("beta2", beta2);
    Rules.notNegative("weightDecay", weightDecay);
  }

  /**
   * Returns betas 0.9 and 0.99 and no weight decay.
   *
   * @return the defaults
   */
  public static LionConfig defaults() {
    return new LionConfig(0.9, 0.99, 0, Decayed.MATRICES);
  }

  /**
   * Returns these settings with weight decay.
   *
   * @param decay per unit of learning rate
   * @param which tensors that decay
   * @return new settings
   */
  public LionConfig weightDecay(double decay, Decayed which) {
    return new LionConfig(beta1, beta2, decay, which);
  }

  @Override
  public Optimizer create(FlatParameters parameters, Executor executor, int threads) {
    return new Lion(this, parameters, executor, threads);
  }
}
