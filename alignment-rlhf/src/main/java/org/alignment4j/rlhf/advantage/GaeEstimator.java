package org.alignment4j.rlhf.advantage;

import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, eq. 16): {@code δ_t =
 * r_t + γ·V_{t+1} − V_t}, {@code A_t = δ_t + γ·λ·A_{t+1}}, with the value behind the last step 0 or
 * given. Returns are {@code A_t + V_t} before whitening. Tokens that are not scored are passed over
 * (verl): the scored token before them sees the value and advantage of the scored one behind.
 *
 * @param gamma γ, in [0, 1]; 1 is usual
 * @param lambda λ, in [0, 1]; 0.95 is usual
 * @param whitening of the advantages, over the scored tokens of the whole step
 * @param rewardWhitening of the rewards of tokens before they are used; {@link Whitening#NONE} is
 *     usual, lm-human-preferences keeps the mean
 * @param variance the divisor of both
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GaeEstimator(
    double gamma, double lambda, Whitening whitening, Whitening rewardWhitening, Variance variance)
    implements AdvantageEstimator {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when γ or λ is out of range
   */
  public GaeEstimator {
    Settings.requireFraction("gamma", gamma);
    Settings.requireFraction("lambda", lambda);
    Objects.requireNonNull(whitening, "whitening");
    Objects.requireNonNull(rewardWhitening, "rewardWhitening");
    Objects.requireNonNull(variance, "variance");
  }

  @Override
  public boolean needsTokenRewards() {
    return true;
  }

  @Override
  public boolean needsValues() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    TokenValues rewards = AdvantageInput.required(input.tokenRewards(), "GAE", "tokenRewards");
    TokenValues values = AdvantageInput.required(input.values(), "GAE", "values");
    CompletionMask mask = input.rewarded();
    CompletionMask steps = mask.extendedTo(rewards);
    TokenValues used = MaskedStatistics.whiten(rewards, steps, rewardWhitening, variance);
    double[][] advantages = new double[mask.sequences()][];
    double[][] returns = new double[mask.sequences()][];
    for (int s = 0; s < advantages.length; s++) {
      double end = input.bootstrap().isPresent() ? input.bootstrap().get().get(s, 0) : 0;
      advantages[s] = backwards(s, used, values, steps, end);
      returns[s] = new double[advantages[s].length];
      for (int t = 0; t < returns[s].length; t++) {
        returns[s][t] = steps.scored(s, t) ? advantages[s][t] + values.get(s, t) : 0;
      }
    }
    return new Advantages(
        MaskedStatistics.whiten(TokenValues.owning(advantages), mask, whitening, variance),
        mask,
        Optional.of(TokenValues.owning(returns)));
  }

  private double[] backwards(
      int s, TokenValues rewards, TokenValues values, CompletionMask steps, double end) {
    double[] advantages = new double[steps.length(s)];
    double nextValue = end;
    double nextAdvantage = 0;
    for (int t = advantages.length - 1; t >= 0; t--) {
      if (steps.scored(s, t)) {
        double delta = rewards.get(s, t) + gamma * nextValue - values.get(s, t);
        nextAdvantage = delta + gamma * lambda * nextAdvantage;
        nextValue = values.get(s, t);
        advantages[t] = nextAdvantage;
      }
    }
    return advantages;
  }
}
