package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Geometric-mean policy optimisation (Zhao et al. 2025, arXiv 2507.20673; verl {@code geo_mean}):
 * {@code −A·exp(mean_t ℓ_t)}, the same at each token, where the log ratios of tokens are clipped
 * one by one before the mean is taken: {@code ℓ = min(log ρ, ε_high)} for positive advantages and
 * {@code max(log ρ, −ε_low)} for others. One token of an extreme ratio moves the mean of logarithms
 * less than a mean of ratios. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#sequenceMean()}.
 *
 * @param epsilonLow ε_low, on the logarithm, positive and finite; 0.4 in the paper
 * @param epsilonHigh ε_high, on the logarithm, positive and finite; 0.4 in the paper
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GmpoLoss(double epsilonLow, double epsilonHigh) implements PolicyLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public GmpoLoss {
    Settings.requirePositive("epsilonLow", epsilonLow);
    Settings.requirePositive("epsilonHigh", epsilonHigh);
  }

  @Override
  public Value ratio(Ops ops, PolicyTokens tokens) {
    return Ratios.meansOfSequences(ops, tokens);
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value logRatio = tokens.logRatio(ops);
    Value praised = Ratios.positive(ops, tokens.advantages());
    Value others = ops.shift(ops.neg(praised), 1);
    Value clipped =
        ops.add(
            ops.mul(praised, ops.min(logRatio, ops.constant(epsilonHigh))),
            ops.mul(others, ops.max(logRatio, ops.constant(-epsilonLow))));
    Value means = ops.div(tokens.sums(ops, clipped), tokens.lengths());
    Value weight = tokens.spread(ops, ops.exp(means));
    Value losses = ops.neg(ops.mul(tokens.advantages(), weight));
    Value punished = Ratios.positive(ops, ops.neg(tokens.advantages()));
    return new LossTerms(
        ops.mul(losses, tokens.corrections()),
        PolicyMetrics.of(
            ops,
            tokens,
            ratio(ops, tokens),
            ops.mul(Ratios.below(ops, logRatio, -epsilonLow), punished),
            ops.mul(Ratios.above(ops, logRatio, epsilonHigh), praised)));
  }
}
