package org.alignment4j.runtime.generate;

import java.util.Objects;
import java.util.OptionalInt;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.jspecify.annotations.Nullable;

/** Turns prompts into the tokens a model reads, and refuses what it cannot read. Thread-safe. */
public final class PromptEncoder {

  private final DecoderConfig config;
  private final @Nullable Tokenizer tokenizer;
  private final @Nullable PromptCompletionEncoder encoder;

  /**
   * An encoder.
   *
   * @param config vocabulary and context of the model
   * @param tokenizer its tokenizer; without one, prompts must be tokens
   * @param template renders conversations
   */
  public PromptEncoder(DecoderConfig config, @Nullable Tokenizer tokenizer, ChatTemplate template) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.encoder =
        tokenizer == null ? null : new PromptCompletionEncoder(tokenizer, template, false);
  }

  /**
   * The tokens to generate after.
   *
   * @throws IllegalArgumentException if the prompt has no tokens, one outside the vocabulary, or
   *     leaves no room in the context
   */
  public int[] encode(Prompt prompt) {
    int[] tokens = prompt(prompt).toArray();
    if (tokens.length >= config.maxPositions()) {
      throw new IllegalArgumentException(
          "prompt and one new token must fit the context of "
              + config.maxPositions()
              + " tokens but the prompt has "
              + tokens.length
              + "; shorten it, for conversations by dropping the oldest turns");
    }
    return tokens;
  }

  /**
   * The tokens of a prompt of any length.
   *
   * @throws IllegalArgumentException if there is none or one is outside the vocabulary
   */
  public TokenIds prompt(Prompt prompt) {
    TokenIds ids =
        prompt instanceof Prompt.Tokens tokens ? tokens.ids() : texts().encodePrompt(prompt);
    if (ids.isEmpty() && prompt instanceof Prompt.Text) {
      ids = start();
    }
    if (ids.isEmpty()) {
      throw new IllegalArgumentException(
          "a prompt must have at least one token but was empty; begin it with the model's"
              + " beginning-of-sequence token");
    }
    return check(ids);
  }

  /** What an empty text begins with. */
  public TokenIds start() {
    if (config.bosTokenId() != null) {
      return TokenIds.of(config.bosTokenId());
    }
    if (tokenizer == null) {
      return TokenIds.empty();
    }
    OptionalInt bos = tokenizer.bosId();
    OptionalInt first =
        bos.isPresent() ? bos : tokenizer.eosIds().stream().mapToInt(i -> i).findFirst();
    return first.isPresent() ? TokenIds.of(first.getAsInt()) : TokenIds.empty();
  }

  /**
   * Encodes text.
   *
   * @throws IllegalArgumentException if the checkpoint has no tokenizer
   */
  public PromptCompletionEncoder texts() {
    if (encoder == null) {
      throw new IllegalArgumentException(
          "a text or conversation needs a tokenizer but the model has none; add the checkpoint's"
              + " tokenizer.json to its folder or pass Prompt.tokens(…)");
    }
    return encoder;
  }

  /**
   * The tokenizer.
   *
   * @throws IllegalArgumentException if the checkpoint has none
   */
  public Tokenizer tokenizer() {
    texts();
    return Objects.requireNonNull(tokenizer);
  }

  /**
   * Refuses tokens outside the vocabulary.
   *
   * @throws IllegalArgumentException naming the first one
   */
  public TokenIds check(TokenIds ids) {
    for (int i = 0; i < ids.size(); i++) {
      if (ids.get(i) >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "token ids must be below the vocabulary's "
                + config.vocabSize()
                + " but the one at index "
                + i
                + " was "
                + ids.get(i)
                + "; encode with this model's tokenizer");
      }
    }
    return ids;
  }
}
