package org.alignment4j.rlhf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was sampled elsewhere, with what it is worth. Immutable.
 *
 * @param tokens its tokens, the end token included where there is one; at least one
 * @param truncated whether a length limit ended it
 * @param rewards by the name of what gave them, finite; their sum is the reward. A name that other
 *     answers of the step have and this one lacks has no opinion of it
 * @param logProbs log-probabilities of the tokens as the sampler computed them, at the temperature
 *     of the training; null where they are not known
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardedAnswer(
    TokenIds tokens, boolean truncated, Map<String, Double> rewards, @Nullable LogProbs logProbs) {

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException when there is no token, or not one log-probability for each
   */
  public RewardedAnswer {
    Objects.requireNonNull(tokens, "tokens");
    rewards = Collections.unmodifiableMap(new LinkedHashMap<>(rewards));
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("an answer must have at least one token but has none");
    }
    if (logProbs != null && logProbs.size() != tokens.size()) {
      throw new IllegalArgumentException(
          "an answer must have one log-probability for each of its %s tokens but has %s"
              .formatted(tokens.size(), logProbs.size()));
    }
  }

  /**
   * Returns an answer that ended by itself, with one reward named {@code reward}.
   *
   * @param tokens its tokens
   * @param reward finite
   * @return the answer
   * @throws IllegalArgumentException when there is no token
   */
  public static RewardedAnswer of(TokenIds tokens, double reward) {
    return new RewardedAnswer(tokens, false, Map.of("reward", reward), null);
  }

  /**
   * Returns this answer as one that a length limit ended.
   *
   * @return the answer
   */
  public RewardedAnswer asTruncated() {
    return new RewardedAnswer(tokens, true, rewards, logProbs);
  }

  /**
   * Returns this answer with what the sampler said of it.
   *
   * @param values log-probability of each token
   * @return the answer
   * @throws IllegalArgumentException when there is not one for each token
   */
  public RewardedAnswer withLogProbs(LogProbs values) {
    return new RewardedAnswer(tokens, truncated, rewards, Objects.requireNonNull(values, "values"));
  }
}
