package org.alignment4j.rlhf.advantage;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Importance weights under a cap: truncated (TIS) or masked (MIS) beyond it, of tokens or of whole
 * completions, whose weight is the product over their scored tokens (TRL {@code
 * vllm_importance_sampling_mode}).
 *
 * @param cap largest weight, at least 1 and finite; 3 in TRL
 * @param level of what weights are taken
 * @param beyond what becomes of a weight above the cap
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CappedImportance(double cap, Level level, Beyond beyond)
    implements OffPolicyCorrection {

  /** Of what weights are taken. */
  public enum Level {
    /** Each token by itself. */
    TOKEN,
    /** The whole completion: each of its tokens has the product. */
    SEQUENCE
  }

  /** What becomes of a weight above the cap. */
  public enum Beyond {
    /** It is the cap. */
    TRUNCATE,
    /** It is 0. */
    MASK
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when the cap is below 1 or not finite
   */
  public CappedImportance {
    if (!(cap >= 1) || Double.isInfinite(cap)) {
      throw new IllegalArgumentException("cap must be finite and at least 1 but was " + cap);
    }
    Objects.requireNonNull(level, "level");
    Objects.requireNonNull(beyond, "beyond");
  }

  @Override
  public TokenValues weights(TokenValues trainer, TokenValues sampler, CompletionMask mask) {
    LogRatios ratios = LogRatios.of(trainer, sampler, mask);
    TokenValues logs =
        level == Level.TOKEN ? ratios.values() : TokenValues.broadcast(ratios.sums(), mask);
    return ratios.weights(logs, this::bounded);
  }

  private double bounded(double weight) {
    if (weight <= cap) {
      return weight;
    }
    return beyond == Beyond.TRUNCATE ? cap : 0;
  }
}
