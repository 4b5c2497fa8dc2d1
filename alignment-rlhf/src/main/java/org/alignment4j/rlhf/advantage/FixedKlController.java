package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * A coefficient that never changes. It has no state.
 *
 * @param coefficient β, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FixedKlController(double coefficient) implements KlController {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when β is negative or not finite
   */
  public FixedKlController {
    Settings.requireNotNegative("coefficient", coefficient);
  }

  @Override
  public KlController after(double kl, int sequences) {
    Settings.requireMeasured("kl", kl, sequences);
    return this;
  }

  @Override
  public Map<String, List<Double>> state() {
    return Map.of();
  }

  @Override
  public KlController restored(Map<String, List<Double>> state) {
    return this;
  }
}
