package org.alignment4j.runtime.generate;

import org.apiguardian.api.API;

/**
 * Eta sampling (Hewitt et al. 2022, section 4.2): removes tokens less probable than {@code
 * min(epsilon, sqrt(epsilon) · exp(-H))}, with the entropy H of the row in nats; the most probable
 * ones always stay.
 *
 * @param epsilon in [0, 1); 0 keeps all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EtaCutoff(double epsilon) implements LogitsProcessor {

  public EtaCutoff {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException("epsilon must be in [0, 1) but was " + epsilon);
    }
  }

  @Override
  public void apply(double[] scores, int[] tokens, int length) {
    double max = Rows.max(scores);
    if (max == REMOVED) {
      return;
    }
    double entropy = Rows.entropy(scores, max);
    Rows.removeBelow(scores, Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy)));
  }
}
