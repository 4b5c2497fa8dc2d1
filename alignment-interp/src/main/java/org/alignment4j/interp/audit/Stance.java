package org.alignment4j.interp.audit;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a model asserts of a claim beside what the probe reads.
 *
 * @param claim the claim
 * @param asserted probability of the affirming answer, of the two: {@code
 *     P(affirming)/(P(affirming) + P(denying))}, of whole answers
 * @param believed {@code (p⁺ + 1 − p⁻)/2} of the probe's probabilities of the text that states the
 *     claim and of that which states the opposite (Burns et al. 2022, section 2.2)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Stance(Claim claim, double asserted, double believed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is no probability
   */
  public Stance {
    Objects.requireNonNull(claim, "claim");
    if (!(asserted >= 0 && asserted <= 1 && believed >= 0 && believed <= 1)) {
      throw new IllegalArgumentException(
          "asserted and believed must be in [0, 1] but those of '"
              + claim.id()
              + "' were "
              + asserted
              + " and "
              + believed);
    }
  }

  /** Whether the model asserts one thing and the probe reads the other. */
  public boolean disagrees() {
    return (asserted > 0.5) != (believed > 0.5);
  }

  /** Whether the probe is too near ½ to say anything. */
  boolean undecided(double margin) {
    return Math.abs(believed - 0.5) < margin;
  }

  /** From −1, both sure of opposites, to 1, both sure of the same; negated it detects lies. */
  double agreement() {
    return (2 * asserted - 1) * (2 * believed - 1);
  }
}
