package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The controller of Ziegler et al. 2019 (arXiv 1909.08593, section 2.2): {@code β ← β·(1 +
 * clip(KL/target − 1, ±0.2)·n/horizon)} after a step of n sequences. A step of more sequences than
 * the horizon counts as one of the horizon, so β stays positive.
 *
 * @param coefficient β now, positive
 * @param target divergence aimed at, in nats per sequence, positive
 * @param horizon sequences over which β may change by a fifth, positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdaptiveKlController(double coefficient, double target, double horizon)
    implements KlController {

  static final double MAX_ERROR = 0.2;
  private static final String COEFFICIENT = "coefficient";

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is not positive and finite
   */
  public AdaptiveKlController {
    Settings.requirePositive(COEFFICIENT, coefficient);
    Settings.requirePositive("target", target);
    Settings.requirePositive("horizon", horizon);
  }

  @Override
  public KlController after(double kl, int sequences) {
    Settings.requireMeasured("kl", kl, sequences);
    double error = Math.max(-MAX_ERROR, Math.min(MAX_ERROR, kl / target - 1));
    double share = Math.min(1, sequences / horizon);
    return new AdaptiveKlController(coefficient * (1 + error * share), target, horizon);
  }

  @Override
  public Map<String, List<Double>> state() {
    return Map.of(COEFFICIENT, List.of(coefficient));
  }

  @Override
  public KlController restored(Map<String, List<Double>> state) {
    return new AdaptiveKlController(States.number(state, COEFFICIENT), target, horizon);
  }
}
