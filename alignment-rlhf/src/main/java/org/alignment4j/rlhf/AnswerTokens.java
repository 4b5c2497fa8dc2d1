package org.alignment4j.rlhf;

import java.util.Comparator;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;

/**
 * Turns prompts and the texts of their answers into the tokens that a model's sampler has of them.
 *
 * @param model whose tokenizer, chat template and end tokens are used; open
 */
record AnswerTokens(DecoderModel model) {

  /**
   * The tokens to answer after.
   *
   * @throws IllegalArgumentException when there is none, or one is unknown
   */
  TokenIds prompt(Prompt prompt) {
    return model
        .instance()
        .call(
            () ->
                new PromptEncoder(
                        model.architecture().config(),
                        model.hasTokenizer() ? model.tokenizer() : null,
                        model.chatTemplate())
                    .prompt(prompt));
  }

  /**
   * The tokens of an answer. A text is encoded behind its prompt, as one text with it where the
   * prompt is one; after a conversation or tokens, behind the last of their tokens.
   *
   * @param prompt tokens of the prompt
   * @param ended whether an end token follows
   * @throws IllegalArgumentException when a token straddles the boundary, the answer has no token,
   *     or no end token is known
   */
  TokenIds answer(Prompt prompt, TokenIds promptTokens, String text, boolean ended) {
    return model.instance().call(() -> encoded(prompt, promptTokens, text, ended));
  }

  private TokenIds encoded(Prompt prompt, TokenIds promptTokens, String text, boolean ended) {
    boolean known = ended && !model.tokenizer().eosIds().isEmpty();
    PromptCompletionEncoder encoder =
        new PromptCompletionEncoder(model.tokenizer(), model.chatTemplate(), known);
    boolean joint = prompt instanceof Prompt.Text given && !given.text().isEmpty();
    EncodingOutcome outcome =
        text.isEmpty() && ended && !known
            ? new EncodingOutcome.Encoded(
                new PromptCompletionTokens(promptTokens, promptTokens.size()))
            : encoder.tryEncode(
                new PromptCompletion(joint ? prompt : Prompt.tokens(promptTokens), text));
    if (outcome instanceof EncodingOutcome.Dropped dropped) {
      throw new IllegalArgumentException(dropped.reason() + "; or give its tokens");
    }
    TokenIds answer = ((EncodingOutcome.Encoded) outcome).tokens().completion();
    return ended && !known ? answer.concat(TokenIds.of(end())) : answer;
  }

  /** The end token of a model whose tokenizer names none. */
  private int end() {
    return model.eosTokenIds().stream()
        .min(Comparator.naturalOrder())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "an answer that ended needs a model with an end token but this one has none;"
                        + " give answers that a length limit ended, by asTruncated()"));
  }
}
