package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * Weights of tokens, in completions whose geometric mean weight lies inside an interval; 0 in the
 * others (OpenRLHF {@code seq-mask-tis}).
 *
 * @param low smallest geometric mean, in [0, 1]
 * @param high largest geometric mean, at least 1 and finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequenceFilteredImportance(double low, double high) implements OffPolicyCorrection {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when 1 does not lie in the interval, or a bound is impossible
   */
  public SequenceFilteredImportance {
    LogRatios.requireInterval(low, high);
  }

  @Override
  public TokenValues weights(TokenValues trainer, TokenValues sampler, CompletionMask mask) {
    LogRatios ratios = LogRatios.of(trainer, sampler, mask);
    double[] means = ratios.means();
    double[] kept = new double[means.length];
    for (int s = 0; s < kept.length; s++) {
      double mean = Math.exp(means[s]);
      kept[s] = mean >= low && mean <= high ? 1 : 0;
    }
    return ratios
        .weights(ratios.values(), w -> w)
        .combine(TokenValues.broadcast(kept, mask), (w, k) -> k == 0 ? 0 : w);
  }
}
