package org.alignment4j.runtime.score;

import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;

/** Turns continuations into tokens that fit a model's context. Thread-safe. */
final class ContinuationEncoder {

  private final PromptEncoder prompts;
  private final ChatTemplate template;
  private final int context;

  ContinuationEncoder(PromptEncoder prompts, ChatTemplate template, int context) {
    this.prompts = prompts;
    this.template = template;
    this.context = context;
  }

  /**
   * Encodes; prompts too long are cut from the left.
   *
   * @throws IllegalArgumentException if a token is outside the vocabulary, there is nothing to
   *     condition on, or the continuation alone exceeds the context
   * @throws AlignmentException if no token boundary lies between prompt and text
   */
  ScoringItem encode(Continuation continuation) {
    PromptCompletionTokens whole = whole(continuation);
    TokenIds completion = whole.completion();
    return fit(whole.ids().slice(0, whole.completionStart()), completion);
  }

  /**
   * Encodes without regard to the context.
   *
   * @throws IllegalArgumentException if a token is outside the vocabulary, or there is nothing to
   *     condition on
   * @throws AlignmentException if no token boundary lies between prompt and text
   */
  PromptCompletionTokens whole(Continuation continuation) {
    if (continuation instanceof Continuation.OfTokens tokens) {
      return joined(prompts.prompt(tokens.prompt()), prompts.check(tokens.tokens()));
    }
    Continuation.OfText text = (Continuation.OfText) continuation;
    PromptCompletionTokens joint = joint(text.prompt(), text.text());
    TokenIds ids = prompts.check(joint.ids());
    int split = joint.completionStart();
    TokenIds prompt = split == 0 ? prompts.start() : ids.slice(0, split);
    return joined(prompt, ids.slice(split, ids.size()));
  }

  private static PromptCompletionTokens joined(TokenIds prompt, TokenIds continuation) {
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException(
          "a continuation of nothing needs a beginning-of-sequence or end-of-sequence token but the"
              + " model names none; give a prompt");
    }
    return new PromptCompletionTokens(prompt.concat(continuation), prompt.size());
  }

  private PromptCompletionTokens joint(Prompt prompt, String text) {
    PromptCompletionEncoder encoder = prompts.texts();
    if (!(prompt instanceof Prompt.Chat chat)) {
      return encoder.encode(new PromptCompletion(prompt, text));
    }
    String before = template.promptText(chat.messages());
    if (chat.last().role() == Role.ASSISTANT) {
      return encoder.encode(before, text);
    }
    // Up to the answer's last character: what the template writes after it is not scored.
    String whole = template.promptText(chat.with(Message.assistant(text)).messages());
    if (!whole.startsWith(before)) {
      throw new AlignmentException(
          "the chat template must render a conversation with its answer as a continuation of the"
              + " conversation with the generation prompt, but the texts differ; score the rendered"
              + " text instead");
    }
    return encoder.encode(before, whole.substring(before.length()));
  }

  private ScoringItem fit(TokenIds prompt, TokenIds continuation) {
    int room = context - continuation.size() + 1;
    if (room < 1) {
      throw new IllegalArgumentException(
          "a continuation must fit the context of "
              + context
              + " tokens but has "
              + continuation.size()
              + "; score it in parts");
    }
    int dropped = Math.max(0, prompt.size() - room);
    return new ScoringItem(prompt.slice(dropped, prompt.size()), continuation, dropped);
  }
}
