package org.alignment4j.rlhf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An answer of which only the text is known, with what it is worth. Immutable.
 *
 * @param text what follows the prompt, without special tokens
 * @param truncated whether a length limit ended it, so that no end token follows
 * @param rewards by the name of what gave them, as of {@link RewardedAnswer}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardedText(String text, boolean truncated, Map<String, Double> rewards) {

  /** Copies the rewards. */
  public RewardedText {
    Objects.requireNonNull(text, "text");
    rewards = Collections.unmodifiableMap(new LinkedHashMap<>(rewards));
  }

  /**
   * Returns an answer that ended by itself, with one reward named {@code reward}.
   *
   * @param text what follows the prompt
   * @param reward finite
   * @return the answer
   */
  public static RewardedText of(String text, double reward) {
    return new RewardedText(text, false, Map.of("reward", reward));
  }

  /**
   * Returns this answer as one that a length limit ended.
   *
   * @return the answer
   */
  public RewardedText asTruncated() {
    return new RewardedText(text, true, rewards);
  }
}
