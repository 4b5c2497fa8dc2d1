package org.alignment4j.rlhf.advantage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The multiplier of PPO-Lagrangian (Dai et al. 2023, Safe RLHF, arXiv 2310.12773, eq. 10): with
 * {@code λ = e^ν}, {@code ν ← ν + lr·λ·(J_C − d)}, where J_C is the mean cost of the latest
 * episodes. It grows as long as costs are above the budget and shrinks, towards 0, as long as they
 * are below. Immutable and thread-safe.
 *
 * @param multiplier λ now, positive
 * @param budget d, the mean cost that is allowed, finite
 * @param learningRate lr, positive; 0.1 in safe-rlhf
 * @param maximum largest λ, positive; infinite for none (5 in the scripts of safe-rlhf)
 * @param window latest episodes J_C is of, from 1; 128 in safe-rlhf
 * @param delay updates that change nothing at the beginning, from 0
 * @param updates updates so far, from 0
 * @param costs costs of the latest episodes, oldest first, at most a window of them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LagrangeMultiplier(
    double multiplier,
    double budget,
    double learningRate,
    double maximum,
    int window,
    int delay,
    long updates,
    List<Double> costs)
    implements NumericState<LagrangeMultiplier> {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public LagrangeMultiplier {
    Settings.requirePositive("multiplier", multiplier);
    Settings.requireFinite("budget", budget);
    Settings.requirePositive("learningRate", learningRate);
    Settings.requireLimit("maximum", maximum);
    if (multiplier > maximum) {
      throw new IllegalArgumentException(
          "multiplier must be at most the maximum %s but was %s".formatted(maximum, multiplier));
    }
    if (window < 1 || delay < 0 || updates < 0) {
      throw new IllegalArgumentException(
          "window must be at least 1, delay and updates at least 0 but were %s, %s and %s"
              .formatted(window, delay, updates));
    }
    costs = List.copyOf(costs.subList(Math.max(0, costs.size() - window), costs.size()));
    costs.forEach(cost -> Settings.requireFinite("cost", cost));
  }

  /**
   * Returns the multiplier of safe-rlhf at the beginning: λ 1, at most 5, lr 0.1, 128 episodes.
   *
   * @param budget d, finite
   * @return the multiplier
   * @throws IllegalArgumentException when the budget is not finite
   */
  public static LagrangeMultiplier standard(double budget) {
    return new LagrangeMultiplier(1, budget, 0.1, 5, 128, 0, 0, List.of());
  }

  /**
   * Takes in the costs of episodes; λ stays.
   *
   * @param episodes cost of each, finite
   * @return the multiplier that knows them
   * @throws IllegalArgumentException when a cost is not finite
   */
  public LagrangeMultiplier observed(double... episodes) {
    List<Double> all = new ArrayList<>(costs);
    for (double cost : episodes) {
      all.add(cost);
    }
    return new LagrangeMultiplier(
        multiplier, budget, learningRate, maximum, window, delay, updates, all);
  }

  /**
   * Makes one update of λ. Without any cost so far λ stays; so it does during the delay.
   *
   * @return the multiplier after it
   */
  public LagrangeMultiplier updated() {
    double next = multiplier;
    if (!costs.isEmpty() && updates >= delay) {
      double mean = costs.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      double step = learningRate * multiplier * (mean - budget);
      // The smallest normal number keeps λ positive where the exponential would end at 0.
      next = Math.max(Double.MIN_NORMAL, Math.min(maximum, multiplier * Math.exp(step)));
      next = Math.min(next, Double.MAX_VALUE);
    }
    return new LagrangeMultiplier(
        next, budget, learningRate, maximum, window, delay, updates + 1, costs);
  }

  /**
   * Combines the advantages of rewards and costs: {@code (A_R − λ·A_C)/(1 + λ)}.
   *
   * @param rewards advantages of rewards
   * @param costs advantages of costs, of the same shape
   * @return the advantages to learn from
   * @throws IllegalArgumentException when the shapes differ
   */
  public TokenValues combine(TokenValues rewards, TokenValues costs) {
    return rewards.combine(costs, (r, c) -> (r - multiplier * c) / (1 + multiplier));
  }

  @Override
  public Map<String, List<Double>> state() {
    return Map.of(
        "multiplier", List.of(multiplier), "updates", List.of((double) updates), "costs", costs);
  }

  @Override
  public LagrangeMultiplier restored(Map<String, List<Double>> state) {
    return new LagrangeMultiplier(
        States.number(state, "multiplier"),
        budget,
        learningRate,
        maximum,
        window,
        delay,
        (long) States.number(state, "updates"),
        States.list(state, "costs"));
  }
}
