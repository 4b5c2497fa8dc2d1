package org.alignment4j.rlhf.data;

import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.TurnTruncation;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.jspecify.annotations.Nullable;

/** A prompt within a limit of tokens. */
record FittedPrompt(Prompt prompt, int turnsCut) {

  /** The prompt without its oldest turns where it must lose some, or null if none fits. */
  static @Nullable FittedPrompt fit(
      PromptCompletionEncoder encoder, Prompt prompt, int tokens, int maxTokens) {
    if (tokens <= maxTokens) {
      return new FittedPrompt(prompt, 0);
    }
    if (maxTokens < 1 || !(prompt instanceof Prompt.Chat chat)) {
      return null;
    }
    TurnTruncation.Fitted fitted =
        TurnTruncation.fit(
            chat.messages(), maxTokens, m -> encoder.encodePrompt(Prompt.chat(m)).size());
    return fitted.fits()
        ? new FittedPrompt(Prompt.chat(fitted.messages()), fitted.turnsCut())
        : null;
  }
}
