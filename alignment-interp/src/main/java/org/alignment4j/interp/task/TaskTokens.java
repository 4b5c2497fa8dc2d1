package org.alignment4j.interp.task;

import java.util.Optional;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.interp.patch.ContrastPair;

/**
 * Prompts of tasks as tokens: with what the tokenizer puts before a text, without what it puts
 * after.
 */
record TaskTokens(Tokenizer tokenizer) {

  TokenIds prompt(String text) {
    TokenIds tokens = tokenizer.encodeWithSpecialTokens(text);
    int end = tokens.size();
    while (end > 1 && tokenizer.eosIds().contains(tokens.get(end - 1))) {
      end--;
    }
    return tokens.slice(0, end);
  }

  /** The tokens that continue a prompt; empty where the tokenizer joins prompt and continuation. */
  Optional<TokenIds> continuation(String prompt, String more) {
    TokenIds before = prompt(prompt);
    TokenIds all = prompt(prompt + more);
    return all.size() > before.size() && all.startsWith(before)
        ? Optional.of(all.slice(before.size(), all.size()))
        : Optional.empty();
  }

  /**
   * An example whose metric is the difference of the first tokens' logits; empty where token counts
   * differ or the answers begin alike.
   */
  Optional<TaskExample> difference(String clean, String corrupted, String answer, String wrong) {
    TokenIds first = prompt(clean);
    TokenIds second = prompt(corrupted);
    if (first.size() != second.size()) {
      return Optional.empty();
    }
    Optional<TokenIds> right = continuation(clean, answer);
    Optional<TokenIds> other = continuation(clean, wrong);
    if (right.isEmpty() || other.isEmpty() || right.get().get(0) == other.get().get(0)) {
      return Optional.empty();
    }
    LogitMetric metric = LogitMetric.logitDifference(right.get().get(0), other.get().get(0));
    return Optional.of(
        new TaskExample(new ContrastPair(first, second, metric), clean, corrupted, answer, wrong));
  }
}
