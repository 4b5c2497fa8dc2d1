package org.alignment4j.interp.edit;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How the value is searched that makes a model give another answer (Meng et al. 2022, equation 4,
 * and the code's weight decay).
 *
 * @param steps how often the loss is computed at most; as in the ROME code nothing is changed after
 *     the last time, so that Adam makes one step less
 * @param learningRate of Adam
 * @param divergenceFactor weight of {@code KL(p_delta || p_0)} at the end of the essence prompt
 * @param decayFactor weight of the decay
 * @param decay what the decay is of
 * @param clamp greatest length of the change, in lengths of the value it is added to
 * @param goodLoss the loss below which the search ends
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ValueSearchOptions(
    int steps,
    double learningRate,
    double divergenceFactor,
    double decayFactor,
    Decay decay,
    double clamp,
    double goodLoss) {

  /** What the decay of a change is of. */
  public enum Decay {
    /** {@code |delta| / |v0|^2}, as the published code has it and its factor is chosen for. */
    NORM,
    /** {@code |delta|^2 / |v0|^2}. */
    SQUARED_NORM
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when steps, learning rate or clamp are not positive, or
   *     another number is negative or not finite
   */
  public ValueSearchOptions {
    Objects.requireNonNull(decay, "decay");
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be positive but was " + steps);
    }
    requirePositive("learningRate", learningRate);
    requirePositive("clamp", clamp);
    requireNotNegative("divergenceFactor", divergenceFactor);
    requireNotNegative("decayFactor", decayFactor);
    requireNotNegative("goodLoss", goodLoss);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite but was " + value);
    }
  }

  private static void requireNotNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          name + " must be finite and not negative but was " + value);
    }
  }

  /** Returns ROME's: 20 steps at 0.5, KL 0.0625, decay 0.5 of the norm, clamp 4, loss 0.05. */
  public static ValueSearchOptions rome() {
    return new ValueSearchOptions(20, 0.5, 0.0625, 0.5, Decay.NORM, 4, 0.05);
  }

  /** Returns MEMIT's: ROME's with clamp 0.75 and 25 steps. */
  public static ValueSearchOptions memit() {
    return new ValueSearchOptions(25, 0.5, 0.0625, 0.5, Decay.NORM, 0.75, 0.05);
  }

  /** Returns these with another number of steps and another learning rate. */
  public ValueSearchOptions withSteps(int newSteps, double newLearningRate) {
    return new ValueSearchOptions(
        newSteps, newLearningRate, divergenceFactor, decayFactor, decay, clamp, goodLoss);
  }

  /** Returns these with other weights of divergence and decay. */
  public ValueSearchOptions withFactors(double divergence, double newDecayFactor, Decay newDecay) {
    return new ValueSearchOptions(
        steps, learningRate, divergence, newDecayFactor, newDecay, clamp, goodLoss);
  }

  /** Returns these with another clamp. */
  public ValueSearchOptions withClamp(double newClamp) {
    return new ValueSearchOptions(
        steps, learningRate, divergenceFactor, decayFactor, decay, newClamp, goodLoss);
  }

  /** Returns these with another loss to end at. */
  public ValueSearchOptions withGoodLoss(double newGoodLoss) {
    return new ValueSearchOptions(
        steps, learningRate, divergenceFactor, decayFactor, decay, clamp, newGoodLoss);
  }
}
