package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * A controller whose steps do not depend on how many sequences a step has, as in alpaca_farm:
 * {@code β ← β·(1 + gain·clip(KL/target − 1, ±0.2))}.
 *
 * @param coefficient β now, positive
 * @param target divergence aimed at, in nats per sequence, positive
 * @param gain in (0, 1]; 0.1 in alpaca_farm
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ProportionalKlController(double coefficient, double target, double gain)
    implements KlController {

  private static final String COEFFICIENT = "coefficient";

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public ProportionalKlController {
    Settings.requirePositive(COEFFICIENT, coefficient);
    Settings.requirePositive("target", target);
    Settings.requirePositive("gain", gain);
    Settings.requireFraction("gain", gain);
  }

  @Override
  public KlController after(double kl, int sequences) {
    Settings.requireMeasured("kl", kl, sequences);
    double bound = AdaptiveKlController.MAX_ERROR;
    double error = Math.max(-bound, Math.min(bound, kl / target - 1));
    return new ProportionalKlController(coefficient * (1 + gain * error), target, gain);
  }

  @Override
  public Map<String, List<Double>> state() {
    return Map.of(COEFFICIENT, List.of(coefficient));
  }

  @Override
  public KlController restored(Map<String, List<Double>> state) {
    return new ProportionalKlController(States.number(state, COEFFICIENT), target, gain);
  }
}
