package org.alignment4j.rlhf.advantage;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Rewards of tokens: {@code r_t = −β·kl_t}, plus the score of the completion on one of them (Ouyang
 * et al. 2022, arXiv 2203.02155, eq. 2; Ziegler et al. 2019, arXiv 1909.08593, eq. 2). Immutable
 * and thread-safe.
 *
 * @param kl estimator of the divergence at a token; {@link KlEstimator#K1} is usual
 * @param placement where the score lands
 * @param maxTokens most tokens a completion may have, from 1: the room for {@link
 *     ScorePlacement#AFTER_EOS}
 * @param klLimit bound on the magnitude of kl_t, positive; infinite for none (10 in OpenRLHF)
 * @param rewardLimit bound on the magnitude of r_t with the score, positive; infinite for none (50
 *     in safe-rlhf)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenRewards(
    KlEstimator kl, ScorePlacement placement, int maxTokens, double klLimit, double rewardLimit) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public TokenRewards {
    Objects.requireNonNull(kl, "kl");
    Objects.requireNonNull(placement, "placement");
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1 but was " + maxTokens);
    }
    Settings.requireLimit("klLimit", klLimit);
    Settings.requireLimit("rewardLimit", rewardLimit);
  }

  /**
   * Returns the usual form: {@link KlEstimator#K1}, the score on the last token, no bounds.
   *
   * @return the form
   */
  public static TokenRewards standard() {
    return new TokenRewards(
        KlEstimator.K1,
        ScorePlacement.LAST_TOKEN,
        Integer.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.POSITIVE_INFINITY);
  }

  /**
   * Returns this form with the score in another place.
   *
   * @param other where the score lands
   * @return the form
   */
  public TokenRewards withPlacement(ScorePlacement other) {
    return new TokenRewards(kl, other, maxTokens, klLimit, rewardLimit);
  }

  /**
   * Returns this form with another limit of tokens.
   *
   * @param limit most tokens a completion may have, from 1
   * @return the form
   * @throws IllegalArgumentException when the limit is too small
   */
  public TokenRewards withMaxTokens(int limit) {
    return new TokenRewards(kl, placement, limit, klLimit, rewardLimit);
  }

  /**
   * Returns how many rewards, and so values, a completion has.
   *
   * @param tokens tokens of the completion, from 0
   * @return as many, or one more for {@link ScorePlacement#AFTER_EOS} where there is room
   */
  public int steps(int tokens) {
    boolean more = placement == ScorePlacement.AFTER_EOS && tokens > 0 && tokens < maxTokens;
    return more ? tokens + 1 : tokens;
  }

  /**
   * Estimates the divergence at each scored token.
   *
   * @param policy log-probabilities under the policy that sampled, covering the mask
   * @param reference log-probabilities under the reference, covering the mask
   * @param mask which tokens are scored
   * @return the bounded estimates, shaped as the mask, 0 at tokens that are not scored
   * @throws IllegalArgumentException when the shapes do not match
   */
  public TokenValues divergences(TokenValues policy, TokenValues reference, CompletionMask mask) {
    Shapes.requireCovers("policy", policy, mask);
    Shapes.requireCovers("reference", reference, mask);
    double[][] out = new double[mask.sequences()][];
    for (int s = 0; s < out.length; s++) {
      out[s] = new double[mask.length(s)];
      for (int t = 0; t < out[s].length; t++) {
        if (mask.scored(s, t)) {
          out[s][t] = bounded(kl.value(policy.get(s, t), reference.get(s, t)), klLimit);
        }
      }
    }
    return TokenValues.owning(out);
  }

  /**
   * Returns the penalty on the divergence of whole completions, {@code −β·Σ_t kl_t}: what methods
   * that reward whole completions add to their rewards.
   *
   * @param coefficient β, finite and not negative
   * @param divergences as {@link #divergences} gives them
   * @param mask which tokens are scored
   * @return a penalty named {@code kl_penalty} of weight 1
   * @throws IllegalArgumentException when the shapes do not match or β is out of range
   */
  public static RewardComponent penalty(
      double coefficient, TokenValues divergences, CompletionMask mask) {
    Settings.requireNotNegative("coefficient", coefficient);
    double[] sums = divergences.sums(mask);
    for (int s = 0; s < sums.length; s++) {
      sums[s] *= -coefficient;
    }
    return RewardComponent.penalty("kl_penalty", sums);
  }

  /**
   * Assembles the rewards of tokens.
   *
   * @param coefficient β, finite and not negative; negative penalties, as costs need them, are made
   *     by {@link #assembleCosts}
   * @param divergences as {@link #divergences} gives them
   * @param scores score of each completion, {@code [sequences]}
   * @param mask which tokens are scored
   * @return rewards, {@code [sequences][steps(tokens)]}; a sequence without a scored token has none
   *     but zeros
   * @throws IllegalArgumentException when the shapes do not match, β is out of range, or a score of
   *     a scored sequence is not finite
   */
  public TokenValues assemble(
      double coefficient, TokenValues divergences, double[] scores, CompletionMask mask) {
    Settings.requireNotNegative("coefficient", coefficient);
    return assembled(-coefficient, divergences, scores, mask);
  }

  /**
   * Assembles the costs of tokens, {@code +β·kl_t} plus the cost of the completion (safe-rlhf): a
   * critic of costs is to call drift costly, as one of rewards calls it unrewarding.
   *
   * @param coefficient β, finite and not negative
   * @param divergences as {@link #divergences} gives them
   * @param costs cost of each completion, {@code [sequences]}
   * @param mask which tokens are scored
   * @return costs, shaped as the rewards
   * @throws IllegalArgumentException as {@link #assemble}
   */
  public TokenValues assembleCosts(
      double coefficient, TokenValues divergences, double[] costs, CompletionMask mask) {
    Settings.requireNotNegative("coefficient", coefficient);
    return assembled(coefficient, divergences, costs, mask);
  }

  private TokenValues assembled(
      double factor, TokenValues divergences, double[] scores, CompletionMask mask) {
    Shapes.requireCovers("divergences", divergences, mask);
    Shapes.requireSequences("scores", scores.length, mask);
    double[][] out = new double[mask.sequences()][];
    for (int s = 0; s < out.length; s++) {
      int tokens = mask.length(s);
      out[s] = new double[steps(tokens)];
      if (mask.count(s) == 0) {
        continue;
      }
      Settings.requireFinite("scores[" + s + "]", scores[s]);
      for (int t = 0; t < tokens; t++) {
        out[s][t] = mask.scored(s, t) ? factor * divergences.get(s, t) : 0;
      }
      out[s][out[s].length > tokens ? tokens : mask.lastScored(s)] += scores[s];
      for (int t = 0; t < out[s].length; t++) {
        out[s][t] = bounded(out[s][t], rewardLimit);
      }
    }
    return TokenValues.owning(out);
  }

  private static double bounded(double value, double limit) {
    return Math.max(-limit, Math.min(limit, value));
  }
}
