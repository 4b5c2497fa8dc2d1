package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * IcePop (Ling team 2025): the weight of a token inside an interval, 0 outside, so that tokens on
 * which sampler and trainer disagree either way teach nothing.
 *
 * @param low smallest weight, in [0, 1]; 0.5 is usual
 * @param high largest weight, at least 1 and finite; 5 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IcePop(double low, double high) implements OffPolicyCorrection {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when 1 does not lie in the interval, or a bound is impossible
   */
  public IcePop {
    LogRatios.requireInterval(low, high);
  }

  @Override
  public TokenValues weights(TokenValues trainer, TokenValues sampler, CompletionMask mask) {
    LogRatios ratios = LogRatios.of(trainer, sampler, mask);
    return ratios.weights(ratios.values(), w -> w >= low && w <= high ? w : 0);
  }
}
