package org.alignment4j.rlhf.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;

/** The names under which losses of policies report, and what stands under them. */
final class PolicyMetrics {

  static final String RATIO = "ratio";
  static final String APPROX_KL = "approx_kl";
  static final String KL_PER_TOKEN = "kl_per_token";
  static final String SURPRISE = "policy_entropy";
  static final String CLIP_LOW = "clip_ratio/low_mean";
  static final String CLIP_HIGH = "clip_ratio/high_mean";
  static final String CLIP_REGION = "clip_ratio/region_mean";

  private PolicyMetrics() {}

  /** The ratio, and half the squared log ratio of tokens (Schulman 2020). */
  static Map<String, Value> of(Ops ops, PolicyTokens tokens, Value ratio) {
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put(RATIO, ops.detached(ratio));
    Value logRatio = ops.detached(tokens.logRatio(ops));
    metrics.put(APPROX_KL, ops.scale(ops.square(logRatio), 0.5));
    return metrics;
  }

  /** Those, and where a ratio is clipped. */
  static Map<String, Value> of(
      Ops ops, PolicyTokens tokens, Value ratio, Value clippedLow, Value clippedHigh) {
    Map<String, Value> metrics = of(ops, tokens, ratio);
    metrics.put(CLIP_LOW, clippedLow);
    metrics.put(CLIP_HIGH, clippedHigh);
    metrics.put(CLIP_REGION, ops.add(clippedLow, clippedHigh));
    return metrics;
  }
}
