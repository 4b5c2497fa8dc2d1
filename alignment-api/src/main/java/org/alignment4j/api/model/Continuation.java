package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A given continuation of a prompt whose likelihood is wanted.
 *
 * <p>With an empty text prompt the likelihood is that of the whole text after the model's
 * beginning-of-sequence token (or its end-of-sequence token, where it has no other).
 */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface Continuation {

  /**
   * Returns what comes before.
   *
   * @return the prompt
   */
  Prompt prompt();

  /**
   * Returns a text that continues a prompt. After a conversation it is the content of the
   * assistant's next message. Prompt and text are tokenised together and split.
   *
   * @param prompt what comes before
   * @param text what follows
   * @return the continuation
   * @throws IllegalArgumentException when the text is empty
   */
  static Continuation of(Prompt prompt, String text) {
    return new OfText(prompt, text);
  }

  /**
   * Returns tokens that continue a prompt, taken as they are.
   *
   * @param prompt what comes before
   * @param tokens what follows
   * @return the continuation
   * @throws IllegalArgumentException when there is no token
   */
  static Continuation of(Prompt prompt, TokenIds tokens) {
    return new OfTokens(prompt, tokens);
  }

  /**
   * A continuation given as text.
   *
   * @param prompt what comes before
   * @param text what follows, not empty
   */
  record OfText(Prompt prompt, String text) implements Continuation {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when the text is empty
     */
    public OfText {
      Objects.requireNonNull(prompt, "prompt");
      if (text.isEmpty()) {
        throw new IllegalArgumentException("text must not be empty: there is nothing to score");
      }
    }
  }

  /**
   * A continuation given as tokens.
   *
   * @param prompt what comes before
   * @param tokens what follows, not empty
   */
  record OfTokens(Prompt prompt, TokenIds tokens) implements Continuation {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when there is no token
     */
    public OfTokens {
      Objects.requireNonNull(prompt, "prompt");
      if (tokens.isEmpty()) {
        throw new IllegalArgumentException("tokens must not be empty: there is nothing to score");
      }
    }
  }
}
