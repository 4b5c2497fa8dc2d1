package org.alignment4j.eval.record;

import org.alignment4j.api.model.ContinuationScore;
import org.apiguardian.api.API;

/**
 * How likely a model found a choice of a sample.
 *
 * @param logProbability natural logarithm of the probability of the whole choice; negative infinity
 *     when it cannot occur
 * @param tokens tokens of the choice
 * @param greedy whether every token is the model's most likely one
 * @param truncatedPromptTokens prompt tokens dropped from the left to fit the context
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RecordedLikelihood(
    double logProbability, long tokens, boolean greedy, long truncatedPromptTokens) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the log-probability is NaN or positive infinity, or a count
   *     is negative
   */
  public RecordedLikelihood {
    if (!(logProbability < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "logProbability must be a number or negative infinity but was " + logProbability);
    }
    if (tokens < 0 || truncatedPromptTokens < 0) {
      throw new IllegalArgumentException(
          "tokens and truncatedPromptTokens must not be negative but were "
              + tokens
              + " and "
              + truncatedPromptTokens);
    }
  }

  /** Returns what is kept of a score. */
  public static RecordedLikelihood of(ContinuationScore score) {
    return new RecordedLikelihood(
        score.sum(), score.tokens().size(), score.greedy(), score.truncatedPromptTokens());
  }
}
