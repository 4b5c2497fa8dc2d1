package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Epsilon sampling (Hewitt et al. 2022, section 4.1): removes tokens less probable than {@code
 * epsilon}; the most probable ones always stay.
 *
 * @param epsilon least probability, in [0, 1); 0 keeps all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EpsilonCutoff(double epsilon) implements LogitsProcessor {

  public EpsilonCutoff {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException("epsilon must be in [0, 1) but was " + epsilon);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    Rows.removeBelow(scores, epsilon);
  }
}
