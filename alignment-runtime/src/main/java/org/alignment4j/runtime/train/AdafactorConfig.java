package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Settings of Adafactor, with the meaning they have in Hugging Face transformers' {@code
 * Adafactor}.
 *
 * <p>With the relative step the size of a step is {@code rate·min(10⁻², 1/√t)} where {@code rate}
 * is the schedule's: {@code LearningRateSchedule.constant(1)} is the method of the paper. Without,
 * it is the schedule's rate alone.
 *
 * @param epsilon1 added to squared gradients, positive
 * @param epsilon2 least root mean square of a tensor when steps are scaled by it, positive
 * @param clipThreshold d, greatest root mean square of a tensor's update before the rate, positive;
 *     infinity never clips
 * @param decayRate c of {@code β2 = 1 - t^-c}, in (0, 1]
 * @param beta1 decay of the momentum of updates, in [0, 1); 0 keeps none
 * @param weightDecay decoupled decay per unit of the tensor's step size, not negative
 * @param scaleParameter whether steps are multiplied by the tensor's root mean square
 * @param relativeStep whether steps shrink by themselves as 1/√t
 * @param decayed which tensors decay
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdafactorConfig(
    double epsilon1,
    double epsilon2,
    double clipThreshold,
    double decayRate,
    double beta1,
    double weightDecay,
    boolean scaleParameter,
    boolean relativeStep,
    Decayed decayed)
    implements OptimizerConfig {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public AdafactorConfig {
    Rules.positive("epsilon1", epsilon1);
    Rules.positive("epsilon2", epsilon2);
    Rules.check(clipThreshold > 0, "clipThreshold", "positive", clipThreshold);
    Rules.check(decayRate > 0 && decayRate <= 1, "decayRate", "in (0, 1]", decayRate);
    Rules.fraction("beta1", beta1);
    Rules.notNegative("weightDecay", weightDecay);
  }

  /**
   * Returns the settings of the paper's algorithm 6: epsilons 1e-30 and 1e-3, clipping at 1, decay
   * rate 0.8, relative steps scaled by the parameter, no momentum and no decay.
   *
   * @return the defaults
   */
  public static AdafactorConfig defaults() {
    return new AdafactorConfig(1e-30, 1e-3, 1, 0.8, 0, 0, true, true, Decayed.MATRICES);
  }

  /**
   * Returns the defaults with the schedule's rate as it is: neither relative nor scaled by the
   * parameter, as is common in fine-tuning.
   *
   * @return the settings
   */
  public static AdafactorConfig externalRate() {
    return new AdafactorConfig(1e-30, 1e-3, 1, 0.8, 0, 0, false, false, Decayed.MATRICES);
  }

  /**
   * Returns these settings with momentum, which costs 4 bytes per parameter.
   *
   * @param decay β1
   * @return new settings
   */
  public AdafactorConfig momentum(double decay) {
    return new AdafactorConfig(
        epsilon1,
        epsilon2,
        clipThreshold,
        decayRate,
        decay,
        weightDecay,
        scaleParameter,
        relativeStep,
        decayed);
  }

  /**
   * Returns these settings with weight decay.
   *
   * @param decay per unit of the tensor's step size
   * @param which tensors that decay
   * @return new settings
   */
  public AdafactorConfig weightDecay(double decay, Decayed which) {
    return new AdafactorConfig(
        epsilon1,
        epsilon2,
        clipThreshold,
        decayRate,
        beta1,
        decay,
        scaleParameter,
        relativeStep,
        which);
  }

  @Override
  public Optimizer create(FlatParameters parameters, Executor executor, int threads) {
    return new Adafactor(this, parameters, executor, threads);
  }
}
