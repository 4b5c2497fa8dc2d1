package org.alignment4j.runtime.generate;

import java.util.Arrays;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One completion to generate. The arrays are shared, not copied.
 *
 * @param index of the prompt in the call
 * @param prompt token ids, not empty
 * @param sample number of the sample of the prompt
 * @param negative token ids to lead away from, or null without guidance
 * @param scale strength of the guidance
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GenerationJob(
    int index, int[] prompt, long sample, int @Nullable [] negative, double scale) {

  /** A completion without guidance. */
  static GenerationJob plain(int index, int[] prompt, long sample) {
    return new GenerationJob(index, prompt, sample, null, 1);
  }

  /** Whether both read the same tokens before they generate. */
  boolean readsAs(GenerationJob other) {
    return Arrays.equals(prompt, other.prompt) && Arrays.equals(negative, other.negative);
  }

  /** Tokens of the longer of the prompts. */
  int longest() {
    return negative == null ? prompt.length : Math.max(prompt.length, negative.length);
  }
}
