package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * A coefficient that never changes. It has no state.
 *
 * @param coefficient c, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FixedEntropyController(double coefficient) implements EntropyController {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when c is negative or not finite
   */
  public FixedEntropyController {
    Settings.requireNotNegative("coefficient", coefficient);
  }

  @Override
  public EntropyController after(double entropy) {
    Settings.requireNotNegative("entropy", entropy);
    return this;
  }

  @Override
  public Map<String, List<Double>> state() {
    return Map.of();
  }

  @Override
  public EntropyController restored(Map<String, List<Double>> state) {
    return this;
  }
}
