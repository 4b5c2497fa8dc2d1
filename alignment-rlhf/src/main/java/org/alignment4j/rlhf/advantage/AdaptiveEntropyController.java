package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * Keeps entropy from falling below a target (He et al. 2025, Skywork Open Reasoner 1, arXiv
 * 2505.22312, adaptive entropy control; TRL {@code use_adaptive_entropy}): after each update c
 * rises by δ where its entropy was at most the target, and falls by δ otherwise, within bounds. It
 * is applied only where the last entropy was at most the target, and so not before one is known.
 *
 * @param level c now, within the bounds
 * @param least smallest c, finite and not negative
 * @param most largest c, finite and at least the smallest
 * @param step δ, positive and finite
 * @param target the entropy aimed at, in nats a token, positive and finite
 * @param last entropy of the last update; empty before the first
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdaptiveEntropyController(
    double level, double least, double most, double step, double target, OptionalDouble last)
    implements EntropyController {

  private static final String LEVEL = "level";
  private static final String LAST = "last";

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public AdaptiveEntropyController {
    Settings.requireNotNegative("least", least);
    Settings.requireNotNegative("most", most);
    Settings.requirePositive("step", step);
    Settings.requirePositive("target", target);
    if (!(level >= least && level <= most)) {
      throw new IllegalArgumentException(
          "level must be in [least, most] = [%s, %s] but was %s".formatted(least, most, level));
    }
  }

  /**
   * Returns a controller before its first update.
   *
   * @param level c at the beginning, within the bounds
   * @param least smallest c, finite and not negative
   * @param most largest c, finite and at least the smallest
   * @param step δ, positive and finite
   * @param target the entropy aimed at, in nats a token, positive and finite
   * @return the controller
   * @throws IllegalArgumentException when a value is out of range
   */
  public static AdaptiveEntropyController of(
      double level, double least, double most, double step, double target) {
    return new AdaptiveEntropyController(level, least, most, step, target, OptionalDouble.empty());
  }

  @Override
  public double coefficient() {
    return last.isPresent() && last.getAsDouble() <= target ? level : 0;
  }

  @Override
  public EntropyController after(double entropy) {
    Settings.requireNotNegative("entropy", entropy);
    double moved = entropy <= target ? Math.min(level + step, most) : Math.max(level - step, least);
    return new AdaptiveEntropyController(
        moved, least, most, step, target, OptionalDouble.of(entropy));
  }

  @Override
  public Map<String, List<Double>> state() {
    return Map.of(
        LEVEL, List.of(level), LAST, last.isPresent() ? List.of(last.getAsDouble()) : List.of());
  }

  @Override
  public EntropyController restored(Map<String, List<Double>> state) {
    OptionalDouble saved =
        States.list(state, LAST).isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(States.number(state, LAST));
    return new AdaptiveEntropyController(
        States.number(state, LEVEL), least, most, step, target, saved);
  }
}
