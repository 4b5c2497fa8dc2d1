package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How likely a model finds a continuation.
 *
 * @param tokens the continuation's tokens
 * @param logProbs the log-probability of each token given everything before it
 * @param greedy whether every token is the model's most likely one
 * @param truncatedPromptTokens prompt tokens dropped from the left to fit the context; the
 *     continuation is never cut
 * @param usage what it cost
 */
@API(status = API.Status.STABLE, since = "0.1")
public record ContinuationScore(
    TokenIds tokens, LogProbs logProbs, boolean greedy, int truncatedPromptTokens, Usage usage) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when tokens and log-probabilities differ in number or the
   *     truncation is negative
   */
  public ContinuationScore {
    Objects.requireNonNull(usage, "usage");
    if (tokens.size() != logProbs.size()) {
      throw new IllegalArgumentException(
          "logProbs must have one value per token ("
              + tokens.size()
              + ") but had "
              + logProbs.size());
    }
    if (truncatedPromptTokens < 0) {
      throw new IllegalArgumentException(
          "truncatedPromptTokens must not be negative but was " + truncatedPromptTokens);
    }
  }

  /**
   * Returns the log-probability of the whole continuation.
   *
   * @return the sum over tokens
   */
  public double sum() {
    return logProbs.sum();
  }
}
