package org.alignment4j.rlhf.advantage;

import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * REINFORCE++ (Hu 2025, arXiv 2501.03262): returns of tokens, {@code G_t = r_t + γ·G_{t+1}},
 * whitened over all scored tokens of the step. Needs no values and no second completion a prompt.
 *
 * @param gamma γ, in [0, 1]; 1 is usual
 * @param variance the divisor of whitening
 * @param gaps what tokens that are not scored, inside a completion, do to the return
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReinforcePlusPlusEstimator(double gamma, Variance variance, Gaps gaps)
    implements AdvantageEstimator {

  /** What tokens that are not scored, inside a completion, do to the return. */
  public enum Gaps {
    /** The return begins anew before them (verl). */
    RESET,
    /** They are passed over, so that what was written before them earns what came after. */
    CARRY
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when γ is out of range
   */
  public ReinforcePlusPlusEstimator {
    Settings.requireFraction("gamma", gamma);
    Objects.requireNonNull(variance, "variance");
    Objects.requireNonNull(gaps, "gaps");
  }

  @Override
  public boolean needsTokenRewards() {
    return true;
  }

  @Override
  public Advantages estimate(AdvantageInput input) {
    TokenValues rewards =
        AdvantageInput.required(input.tokenRewards(), "REINFORCE++", "tokenRewards");
    CompletionMask mask = input.rewarded();
    CompletionMask steps = mask.extendedTo(rewards);
    double[][] returns = new double[mask.sequences()][];
    for (int s = 0; s < returns.length; s++) {
      returns[s] = new double[steps.length(s)];
      double next = 0;
      for (int t = returns[s].length - 1; t >= 0; t--) {
        if (steps.scored(s, t)) {
          next = rewards.get(s, t) + gamma * next;
          returns[s][t] = next;
        } else if (gaps == Gaps.RESET) {
          next = 0;
        }
      }
    }
    TokenValues whitened =
        MaskedStatistics.whiten(TokenValues.owning(returns), mask, Whitening.FULL, variance);
    return new Advantages(whitened, mask, Optional.empty());
  }
}
