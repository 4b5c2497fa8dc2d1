package org.alignment4j.rlhf.policy;

import java.util.Objects;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Advantage-leftover-lunch learning from given completions (Baheti et al. 2023, arXiv 2305.14718,
 * eq. 4): {@code −A·sg(clip(ρ, 1−ε, 1+ε))·log π} at tokens with {@code ρ = π/π_ref}, for
 * completions of positive advantage only. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#sequenceSum()}. No gradient flows through the weight.
 * Without the ratio it is {@link ReinforceLoss}.
 *
 * @param ratioLevel of what the ratio is taken
 * @param epsilon ε, in [0, 1]; 0.9 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlolLoss(RatioLevel ratioLevel, double epsilon) implements PolicyLoss {

  /** Of what the ratio is taken. */
  public enum RatioLevel {
    /** The completion as one action (A-LoL). */
    SEQUENCE,
    /** Each token (A-LoL seq.). */
    TOKEN
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when ε is out of range
   */
  public AlolLoss {
    Objects.requireNonNull(ratioLevel, "ratioLevel");
    Settings.requireClip(epsilon, epsilon);
  }

  @Override
  public boolean needsReference() {
    return true;
  }

  /** The ratio to the reference, which stands for the policy that wrote the completions. */
  @Override
  public Value ratio(Ops ops, PolicyTokens tokens) {
    Value logRatio = ops.sub(tokens.policy(), tokens.reference());
    if (ratioLevel == RatioLevel.TOKEN) {
      return ops.exp(Ratios.bounded(ops, logRatio));
    }
    Value sums = Ratios.bounded(ops, tokens.sums(ops, logRatio));
    return tokens.spread(ops, ops.exp(sums));
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value ratio = ops.detached(ratio(ops, tokens));
    Value weights = ops.clamp(ratio, 1 - epsilon, 1 + epsilon);
    Value losses = ops.neg(ops.mul(ops.mul(weights, tokens.advantages()), tokens.policy()));
    return new LossTerms(
        ops.mul(losses, tokens.corrections()),
        PolicyMetrics.of(
            ops,
            tokens,
            ratio,
            Ratios.below(ops, ratio, 1 - epsilon),
            Ratios.above(ops, ratio, 1 + epsilon)));
  }
}
