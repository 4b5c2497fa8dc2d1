package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/**
 * The sum over tokens over a constant length a sequence (Dr.GRPO, Liu et al. 2025, arXiv
 * 2503.20783, section 3.2): the gradient of a completion does not depend on how long others are.
 *
 * @param length tokens a completion may have at most, from 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConstantLengthWeights(int length) implements TokenWeights {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when the length is too small
   */
  public ConstantLengthWeights {
    if (length < 1) {
      throw new IllegalArgumentException("length must be at least 1 but was " + length);
    }
  }

  @Override
  public double weight(CompletionMask mask, Groups groups, int sequence) {
    return 1.0 / mask.scoredSequences() / length;
  }
}
