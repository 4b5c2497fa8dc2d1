package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/** The clipped surrogate of a ratio, be it of tokens or of sequences. */
final class ClippedSurrogate {

  private ClippedSurrogate() {}

  /**
   * Emits {@code max(−A·min(ρ, δ), −A·clip(ρ, 1−ε_low, 1+ε_high))}, for negative A at most {@code
   * −c·A}, times the corrections.
   */
  static LossTerms terms(Ops ops, PolicyTokens tokens, Value ratio, PpoLoss settings) {
    Value advantages = tokens.advantages();
    double low = 1 - settings.epsilonLow();
    double high = 1 + settings.epsilonHigh();
    Value bounded =
        Double.isInfinite(settings.delta())
            ? ratio
            : ops.min(ratio, ops.constant(settings.delta()));
    Value free = ops.neg(ops.mul(bounded, advantages));
    Value clipped = ops.neg(ops.mul(ops.clamp(ratio, low, high), advantages));
    Value losses = ops.max(free, clipped);
    Value punished = Ratios.positive(ops, ops.neg(advantages));
    if (!Double.isInfinite(settings.dualClip())) {
      Value excess = ops.relu(ops.add(losses, ops.scale(advantages, settings.dualClip())));
      losses = ops.sub(losses, ops.mul(punished, excess));
    }
    Value clippedLow = ops.mul(Ratios.below(ops, ratio, low), punished);
    Value clippedHigh = ops.mul(Ratios.above(ops, ratio, high), Ratios.positive(ops, advantages));
    return new LossTerms(
        ops.mul(losses, tokens.corrections()),
        PolicyMetrics.of(ops, tokens, ratio, clippedLow, clippedHigh));
  }
}
