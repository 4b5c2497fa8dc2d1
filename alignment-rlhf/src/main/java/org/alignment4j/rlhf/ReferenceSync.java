package org.alignment4j.rlhf;

import org.apiguardian.api.API;

/**
 * A reference that follows the model (TR-DPO, Gorbatovski et al. 2024, arXiv 2404.09656): after
 * every so many updates {@code θ_ref ← share·θ + (1 − share)·θ_ref}, over the parameters that are
 * trained. Of an adapter these are its matrices, whose mixture is not the mixture of their
 * products.
 *
 * @param share of the model in the new reference, in (0, 1]; 1 replaces the reference
 * @param every updates between two moves, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReferenceSync(double share, long every) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public ReferenceSync {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be in (0, 1] but was " + share);
    }
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1 but was " + every);
    }
  }

  /**
   * Returns a share of 0.6 every 512 updates, the defaults of TRL.
   *
   * @return the defaults
   */
  public static ReferenceSync standard() {
    return new ReferenceSync(0.6, 512);
  }
}
