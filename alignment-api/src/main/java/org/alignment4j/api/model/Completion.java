package org.alignment4j.api.model;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered.
 *
 * @param text the text, without special tokens and without the stop string
 * @param tokens the tokens generated, the end-of-sequence token included when there is one; empty
 *     when the model does not disclose them
 * @param logProbs the log-probability of each of {@code tokens} under the distribution it was drawn
 *     from (after guidance, penalties, temperature and truncation); null when not asked for or not
 *     disclosed
 * @param modelLogProbs the log-probability of each of {@code tokens} under the model's own
 *     distribution, before any sampling transform; null when not asked for or not disclosed
 * @param topLogProbs the most likely candidates at each position before any sampling transform,
 *     most likely first; empty when not asked for
 * @param finishReason why the text ended
 * @param usage what it cost
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Completion(
    String text,
    TokenIds tokens,
    @Nullable LogProbs logProbs,
    @Nullable LogProbs modelLogProbs,
    List<List<TokenLogProb>> topLogProbs,
    FinishReason finishReason,
    Usage usage) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when log-probabilities and tokens differ in number
   */
  public Completion {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(finishReason, "finishReason");
    Objects.requireNonNull(usage, "usage");
    topLogProbs = topLogProbs.stream().map(List::copyOf).toList();
    requireOneEach("logProbs", logProbs, tokens);
    requireOneEach("modelLogProbs", modelLogProbs, tokens);
  }

  private static void requireOneEach(String name, @Nullable LogProbs values, TokenIds tokens) {
    if (values != null && !tokens.isEmpty() && values.size() != tokens.size()) {
      throw new IllegalArgumentException(
          name + " must have one value per token (" + tokens.size() + ") but had " + values.size());
    }
  }

  /**
   * Returns a completion of a model that discloses nothing but text.
   *
   * @param text the text
   * @param finishReason why it ended
   * @param usage what it cost
   * @return the completion
   */
  public static Completion of(String text, FinishReason finishReason, Usage usage) {
    return new Completion(text, TokenIds.empty(), null, null, List.of(), finishReason, usage);
  }

  /**
   * Returns whether the text was cut off.
   *
   * @return true when a length limit ended it
   */
  public boolean truncated() {
    return finishReason == FinishReason.LENGTH;
  }
}
