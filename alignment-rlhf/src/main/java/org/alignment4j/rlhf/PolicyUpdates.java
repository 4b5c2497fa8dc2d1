package org.alignment4j.rlhf;

import org.alignment4j.rlhf.advantage.OffPolicyCorrection;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How often, and how far, a step's completions are learned from. Immutable.
 *
 * @param epochs passes over the completions of a step, from 1
 * @param miniBatches updates of each pass, from 1; as many groups are needed
 * @param maxApproxKl how far the policy may have moved from the one that sampled, as half the mean
 *     squared log ratio of tokens: an update that finds more is not made, nor any later one of the
 *     step; positive, infinite for none
 * @param maxRatio largest mean ratio of an update's tokens: an update that finds more is left out
 *     (TRL v0.11: 10); above 1, infinite for none
 * @param correction factors for samples that another engine drew than the trainer's; null for none.
 *     Here one engine does both and factors are 1 within rounding
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PolicyUpdates(
    int epochs,
    int miniBatches,
    double maxApproxKl,
    double maxRatio,
    @Nullable OffPolicyCorrection correction) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public PolicyUpdates {
    if (epochs < 1 || miniBatches < 1) {
      throw new IllegalArgumentException(
          "epochs and miniBatches must be positive but were %s and %s"
              .formatted(epochs, miniBatches));
    }
    if (!(maxApproxKl > 0)) {
      throw new IllegalArgumentException(
          "maxApproxKl must be positive, or infinite for none, but was " + maxApproxKl);
    }
    if (!(maxRatio > 1)) {
      throw new IllegalArgumentException(
          "maxRatio must be above 1, or infinite for none, but was " + maxRatio);
    }
  }

  /**
   * Returns updates without bounds or corrections.
   *
   * @param epochs passes over the completions of a step, from 1
   * @param miniBatches updates of each pass, from 1
   * @return the settings
   * @throws IllegalArgumentException when a number is not positive
   */
  public static PolicyUpdates of(int epochs, int miniBatches) {
    return new PolicyUpdates(
        epochs, miniBatches, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, null);
  }

  /**
   * Returns these settings with other numbers of updates.
   *
   * @param passes over the completions of a step, from 1
   * @param updates of each pass, from 1
   * @return the settings
   * @throws IllegalArgumentException when a number is not positive
   */
  public PolicyUpdates withNumbers(int passes, int updates) {
    return new PolicyUpdates(passes, updates, maxApproxKl, maxRatio, correction);
  }

  /**
   * Returns these settings with bounds on how far a step goes.
   *
   * @param approxKl where a step's updates stop, positive; infinite for nowhere
   * @param ratio the mean ratio above which an update is left out, above 1; infinite for none
   * @return the settings
   * @throws IllegalArgumentException when a value is out of range
   */
  public PolicyUpdates withBounds(double approxKl, double ratio) {
    return new PolicyUpdates(epochs, miniBatches, approxKl, ratio, correction);
  }

  /**
   * Returns these settings with a correction for samples of another engine.
   *
   * @param factors the correction; null for none
   * @return the settings
   */
  public PolicyUpdates withCorrection(@Nullable OffPolicyCorrection factors) {
    return new PolicyUpdates(epochs, miniBatches, maxApproxKl, maxRatio, factors);
  }

  /** A loss that is corrected, where there is a correction, at its level. */
  PolicyLoss corrected(PolicyLoss loss) {
    return correction == null ? loss : loss.correctedAt(correction.level());
  }

  /** Updates of a step, those left out included. */
  long perStep() {
    return (long) epochs * miniBatches;
  }
}
