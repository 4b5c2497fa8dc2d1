package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Settings of {@link AdamW}.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment, positive
 * @param weightDecay decoupled decay per unit of learning rate, not negative
 * @param decayed which tensors decay
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdamWConfig(
    double beta1, double beta2, double epsilon, double weightDecay, Decayed decayed)
    implements OptimizerConfig {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public AdamWConfig {
    Rules.fraction("beta1", beta1);
    Rules.fraction("beta2", beta2);
    Rules.positive("epsilon", epsilon);
    Rules.notNegative("weightDecay", weightDecay);
  }

  /**
   * Returns betas 0.9 and 0.999, epsilon 1e-8 and no weight decay.
   *
   * @return the defaults
   */
  public static AdamWConfig defaults() {
    return new AdamWConfig(0.9, 0.999, 1e-8, 0, Decayed.MATRICES);
  }

  /**
   * Returns these settings with other betas.
   *
   * @param first decay of the first moment
   * @param second decay of the second moment
   * @return new settings
   */
  public AdamWConfig betas(double first, double second) {
    return new AdamWConfig(first, second, epsilon, weightDecay, decayed);
  }

  /**
   * Returns these settings with weight decay.
   *
   * @param decay per unit of learning rate
   * @param which tensors that decay
   * @return new settings
   */
  public AdamWConfig weightDecay(double decay, Decayed which) {
    return new AdamWConfig(beta1, beta2, epsilon, decay, which);
  }

  @Override
  public Optimizer create(FlatParameters parameters, Executor executor, int threads) {
    return new AdamW(this, parameters, executor, threads);
  }
}
