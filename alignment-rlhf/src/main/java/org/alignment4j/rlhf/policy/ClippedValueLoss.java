package org.alignment4j.rlhf.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The clipped value loss of PPO (lm-human-preferences, Ziegler et al. 2019): {@code ½·max((V − R)²,
 * (V_old + clip(V − V_old, ±ε) − R)²)}. It is never below the loss without clip.
 *
 * @param epsilon ε, positive and finite; 0.2 is usual, 0.5 in OpenRLHF and verl, 5 in safe-rlhf
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ClippedValueLoss(double epsilon) implements ValueLoss {

  static final String CLIP_RATIO = "value/clip_ratio";

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when ε is not positive and finite
   */
  public ClippedValueLoss {
    Settings.requirePositive("epsilon", epsilon);
  }

  @Override
  public LossTerms terms(Ops ops, ValueTokens tokens) {
    Value free = ops.square(ops.sub(tokens.values(), tokens.returns()));
    Value moved = ops.clamp(ops.sub(tokens.values(), tokens.old()), -epsilon, epsilon);
    Value clipped = ops.square(ops.sub(ops.add(tokens.old(), moved), tokens.returns()));
    Value cut = Ratios.above(ops, ops.abs(ops.sub(tokens.values(), tokens.old())), epsilon);
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put(CLIP_RATIO, ops.mul(cut, Ratios.positive(ops, ops.sub(clipped, free))));
    metrics.put(SquaredValueLoss.ERROR, ops.detached(free));
    metrics.put(SquaredValueLoss.MEAN, ops.detached(tokens.values()));
    return new LossTerms(ops.scale(ops.max(free, clipped), 0.5), metrics);
  }
}
