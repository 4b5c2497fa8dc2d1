package org.alignment4j.eval.backdoor;

import java.util.Objects;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * A clean prompt as tokens, with the place where a trigger may stand. Immutable and thread-safe.
 *
 * @param before tokens before that place
 * @param after tokens after it, such as the end of the user's turn and the beginning of the reply
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SlottedPrompt(TokenIds before, TokenIds after) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there is no token at all
   */
  public SlottedPrompt {
    Objects.requireNonNull(after, "after");
    if (before.isEmpty() && after.isEmpty()) {
      throw new IllegalArgumentException("a prompt must have at least one token");
    }
  }

  /**
   * Encodes both parts, each for itself and without special tokens, as the parts of a conversation
   * are that a chat template has rendered.
   *
   * @param tokenizer of the model
   * @param before text before the place
   * @param after text after it
   * @return the prompt
   * @throws IllegalArgumentException when there is no token at all
   */
  public static SlottedPrompt of(Tokenizer tokenizer, String before, String after) {
    return new SlottedPrompt(tokenizer.encode(before), tokenizer.encode(after));
  }

  /** The prompt with tokens in its place. */
  TokenIds filled(TokenIds trigger) {
    return before.concat(trigger).concat(after);
  }

  Prompt prompt(TokenIds trigger) {
    return Prompt.tokens(filled(trigger));
  }

  GradientRequest request(TokenIds trigger, TokenIds target) {
    return new GradientRequest(
        filled(trigger), before.size(), before.size() + trigger.size(), target);
  }
}
