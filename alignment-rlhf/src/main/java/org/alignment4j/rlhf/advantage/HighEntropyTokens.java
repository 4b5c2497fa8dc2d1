package org.alignment4j.rlhf.advantage;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * The tokens at which the policy is least sure, to which alone the policy gradient is left (Wang et
 * al. 2025, "Beyond the 80/20 Rule", arXiv 2506.01939; TRL {@code top_entropy_quantile}): those
 * whose entropy is at least the {@code 1 − share} quantile of all scored tokens of a step,
 * interpolated linearly between order statistics. Entropies are the same within 1e-5 nats.
 * Immutable and thread-safe.
 *
 * @param share of the tokens, in (0, 1]; 0.2 in the paper
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HighEntropyTokens(double share) {

  /**
   * What entropies may differ by and be the same, in nats: completions of one prompt that begin
   * alike share distributions, which rounding in float32 is not to part.
   */
  private static final double TOLERANCE = 1e-5;

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when the share is not in (0, 1]
   */
  public HighEntropyTokens {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be in (0, 1] but was " + share);
    }
  }

  /**
   * Selects tokens.
   *
   * @param entropies entropy of the distribution that each token was drawn from, covering the mask
   * @param mask which tokens are scored
   * @return 1 at the tokens selected and 0 elsewhere, shaped as the mask
   * @throws IllegalArgumentException when the shapes do not match
   */
  public TokenValues selected(TokenValues entropies, CompletionMask mask) {
    double[] scored = entropies.flat(mask);
    Arrays.sort(scored);
    double threshold = scored.length == 0 ? 0 : quantile(scored) - TOLERANCE;
    double[][] rows = new double[mask.sequences()][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = new double[mask.length(s)];
      for (int t = 0; t < rows[s].length; t++) {
        rows[s][t] = mask.scored(s, t) && entropies.get(s, t) >= threshold ? 1 : 0;
      }
    }
    return TokenValues.owning(rows);
  }

  private double quantile(double[] sorted) {
    double place = (1 - share) * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * Leaves the advantages of selected tokens.
   *
   * @param advantages those of all tokens
   * @param selected what {@link #selected} gave of the same mask
   * @return the same advantages, 0 at other tokens
   */
  public static Advantages keep(Advantages advantages, TokenValues selected) {
    double[][] rows = new double[selected.sequences()][];
    for (int s = 0; s < rows.length; s++) {
      rows[s] = advantages.advantages().row(s);
      for (int t = 0; t < rows[s].length; t++) {
        if (t >= selected.length(s) || selected.get(s, t) == 0) {
          rows[s][t] = 0;
        }
      }
    }
    return new Advantages(TokenValues.owning(rows), advantages.mask(), advantages.returns());
  }
}
