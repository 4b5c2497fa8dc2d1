package org.alignment4j.rlhf.data;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * Two answers to a prompt, one more harmful than the other, and whether each is unsafe by itself.
 *
 * @param prompt what was asked
 * @param moreHarmful the more harmful answer
 * @param lessHarmful the other answer
 * @param moreHarmfulUnsafe whether the more harmful answer is unsafe
 * @param lessHarmfulUnsafe whether the other is unsafe
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HarmComparison(
    Prompt prompt,
    String moreHarmful,
    String lessHarmful,
    boolean moreHarmfulUnsafe,
    boolean lessHarmfulUnsafe) {

  /**
   * Checks that nothing is missing and nothing contradicts.
   *
   * @throws IllegalArgumentException when the less harmful answer is unsafe and the more harmful
   *     one is safe
   */
  public HarmComparison {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(moreHarmful, "moreHarmful");
    Objects.requireNonNull(lessHarmful, "lessHarmful");
    if (lessHarmfulUnsafe && !moreHarmfulUnsafe) {
      throw new IllegalArgumentException(
          "an answer that is less harmful than a safe one must be safe but was unsafe: '"
              + lessHarmful
              + "'");
    }
  }
}
