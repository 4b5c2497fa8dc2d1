package org.alignment4j.rlhf.data;

import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.SequenceLimits.LongCompletion;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and its answer as tokens within limits.
 *
 * @param ids all tokens
 * @param start where the answer starts
 */
record FittedAnswer(TokenIds ids, int start) {

  TokenIds prompt() {
    return ids.slice(0, start);
  }

  TokenIds answer() {
    return ids.slice(start, ids.size());
  }

  /**
   * As {@link #fit}, of an answer whose every token is scored, which needs a token before the
   * first.
   */
  static @Nullable FittedAnswer fitBehind(
      PromptCompletion example,
      int index,
      PromptCompletionEncoder encoder,
      SequenceLimits limits,
      EncodingTally tally) {
    return fit(example, index, encoder, limits, tally, 1);
  }

  /** The tokens, counted as kept; or null where the example was dropped and counted as that. */
  static @Nullable FittedAnswer fit(
      PromptCompletion example,
      int index,
      PromptCompletionEncoder encoder,
      SequenceLimits limits,
      EncodingTally tally) {
    return fit(example, index, encoder, limits, tally, 0);
  }

  private static @Nullable FittedAnswer fit(
      PromptCompletion example,
      int index,
      PromptCompletionEncoder encoder,
      SequenceLimits limits,
      EncodingTally tally,
      int least) {
    EncodingOutcome outcome = tally.encode(index, encoder, example);
    if (!(outcome instanceof EncodingOutcome.Encoded encoded)) {
      tally.drop(index, ((EncodingOutcome.Dropped) outcome).reason());
      return null;
    }
    PromptCompletionTokens tokens = encoded.tokens();
    if (tokens.completionStart() < least) {
      tally.drop(index, "an answer must follow a prompt of at least one token");
      return null;
    }
    int limit = limits.maxCompletionLength();
    int length = tokens.completion().size();
    if (length > limit && limits.longCompletions() == LongCompletion.DROP) {
      tally.drop(index, "an answer may have " + limit + " tokens but has " + length);
      return null;
    }
    int room = limits.maxLength() - Math.min(length, limit);
    FittedPrompt fitted =
        FittedPrompt.fit(encoder, example.prompt(), tokens.completionStart(), room);
    if (fitted == null) {
      tally.drop(
          index,
          "the prompt must fit into " + room + " tokens but has " + tokens.completionStart());
      return null;
    }
    if (fitted.turnsCut() > 0) {
      tokens = encoder.encode(new PromptCompletion(fitted.prompt(), example.completion()));
    }
    int end = tokens.completionStart() + Math.min(tokens.completion().size(), limit);
    tally.keep(fitted.turnsCut(), end < tokens.ids().size() ? 1 : 0);
    return new FittedAnswer(tokens.ids().slice(0, end), tokens.completionStart());
  }
}
