package org.alignment4j.runtime.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.tokenizer.template.TemplateException;

/**
 * The one place where prompts and completions become tokens, for training and for scoring. Prompt
 * and completion are encoded jointly and split; where the prompt's own tokens are not a prefix of
 * the joint ones, a token straddles the boundary and the row fails. The tokens that the tokenizer
 * puts in front of a text (such as BOS) are added once, also where a chat template wrote them
 * already.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class PromptCompletionEncoder {

  /** Tokens that decide how a following text is tokenised. */
  private static final int CONTEXT = 8;

  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final boolean appendEos;
  private final TokenIds front;

  /**
   * An encoder.
   *
   * @param template renders prompts that are conversations
   * @param appendEos whether a completion that does not end with an end-of-sequence token gets one
   * @throws IllegalArgumentException if {@code appendEos} is set and the tokenizer has no such
   *     token
   */
  public PromptCompletionEncoder(Tokenizer tokenizer, ChatTemplate template, boolean appendEos) {
    if (appendEos && tokenizer.eosIds().isEmpty()) {
      throw new IllegalArgumentException(
          "appendEos must be false for a tokenizer without an end-of-sequence token; name one in"
              + " tokenizer_config.json, field 'eos_token'");
    }
    this.tokenizer = tokenizer;
    this.template = template;
    this.appendEos = appendEos;
    TokenIds sample = tokenizer.encodeWithSpecialTokens("a");
    int count = 0;
    while (count < sample.size() && tokenizer.specialIds().contains(sample.get(count))) {
      count++;
    }
    this.front = sample.slice(0, count);
  }

  /** The tokens to generate after. */
  public TokenIds encodePrompt(Prompt prompt) {
    if (prompt instanceof Prompt.Tokens tokens) {
      return tokens.ids();
    }
    return encode(promptText(prompt));
  }

  private String promptText(Prompt prompt) {
    if (prompt instanceof Prompt.Chat chat) {
      return template.promptText(chat.messages());
    }
    return ((Prompt.Text) prompt).text();
  }

  private TokenIds encode(String text) {
    TokenIds ids = tokenizer.encode(text);
    return ids.startsWith(front) ? ids : front.concat(ids);
  }

  /**
   * Encodes a prompt and its completion.
   *
   * @throws AlignmentException if no token boundary lies between them, or the completion has no
   *     tokens
   */
  public PromptCompletionTokens encode(String prompt, String completion) {
    return strict(tryEncode(prompt, completion));
  }

  /**
   * Encodes a prompt and its completion; after a conversation the completion is the content of the
   * assistant's next message, rendered with what the chat template writes after it.
   *
   * @throws AlignmentException if no token boundary lies between them, the completion has no
   *     tokens, or the chat template refuses the conversation
   */
  public PromptCompletionTokens encode(PromptCompletion example) {
    return strict(tryEncode(example));
  }

  private static PromptCompletionTokens strict(EncodingOutcome outcome) {
    if (outcome instanceof EncodingOutcome.Encoded encoded) {
      return encoded.tokens();
    }
    throw new AlignmentException(((EncodingOutcome.Dropped) outcome).reason());
  }

  /** As {@link #encode(PromptCompletion)}, with the reason instead of a failure. */
  public EncodingOutcome tryEncode(PromptCompletion example) {
    Prompt prompt = example.prompt();
    if (prompt instanceof Prompt.Tokens tokens) {
      return tryEncode(tokens.ids(), example.completion());
    }
    if (!(prompt instanceof Prompt.Chat chat) || chat.last().role() == Role.ASSISTANT) {
      return tryEncode(promptText(prompt), example.completion());
    }
    try {
      String before = template.render(chat.messages(), true).text();
      List<Message> all = chat.with(Message.assistant(example.completion())).messages();
      String whole = template.render(all, false).text();
      if (!whole.startsWith(before)) {
        return new EncodingOutcome.Dropped(
            "the chat template must render a conversation with its answer as a continuation of the"
                + " conversation with the generation prompt, but the texts differ; use a training variant"
                + " of the template");
      }
      return tryEncode(before, whole.substring(before.length()));
    } catch (TemplateException e) {
      return new EncodingOutcome.Dropped("the chat template refused: " + e.getMessage());
    }
  }

  /**
   * A text that follows tokens is encoded behind the text of the last of them: alone, a tokenizer
   * might put the blank of a beginning before it.
   */
  private EncodingOutcome tryEncode(TokenIds prompt, String completion) {
    TokenIds last = prompt.slice(Math.max(0, prompt.size() - CONTEXT), prompt.size());
    String context = tokenizer.decodeWithSpecialTokens(last);
    EncodingOutcome outcome =
        split(tokenizer.encode(context), tokenizer.encode(context + completion));
    return outcome instanceof EncodingOutcome.Encoded encoded
        ? new EncodingOutcome.Encoded(
            new PromptCompletionTokens(prompt.concat(encoded.tokens().completion()), prompt.size()))
        : outcome;
  }

  /** As {@link #encode(String, String)}, with the reason instead of a failure. */
  public EncodingOutcome tryEncode(String prompt, String completion) {
    return split(encode(prompt), encode(prompt + completion));
  }

  private EncodingOutcome split(TokenIds prompt, TokenIds joint) {
    if (!joint.startsWith(prompt)) {
      int same = 0;
      while (same < Math.min(joint.size(), prompt.size()) && joint.get(same) == prompt.get(same)) {
        same++;
      }
      return new EncodingOutcome.Dropped(
          "the prompt's tokens must be a prefix of the tokens of prompt and completion, but token %s of"
                  .formatted(same)
              + " %s straddles the boundary; let the prompt end at a word's end and the completion begin"
                  .formatted(prompt.size())
              + " with the blank or line break between them");
    }
    TokenIds whole = withEos(joint, prompt.size());
    if (whole.size() == prompt.size()) {
      return new EncodingOutcome.Dropped("a completion must have at least one token but was empty");
    }
    return new EncodingOutcome.Encoded(new PromptCompletionTokens(whole, prompt.size()));
  }

  /** A template may write a line break after its end token. */
  private TokenIds withEos(TokenIds ids, int completionStart) {
    if (!appendEos) {
      return ids;
    }
    Set<Integer> eos = tokenizer.eosIds();
    for (int i = ids.size() - 1; i >= completionStart; i--) {
      if (eos.contains(ids.get(i))) {
        return tokenizer.decode(ids.slice(i + 1, ids.size())).isBlank()
            ? ids
            : ids.concat(TokenIds.of(preferredEos(eos)));
      }
    }
    return ids.concat(TokenIds.of(preferredEos(eos)));
  }

  /** The first end token that does not also begin a sequence, else the first. */
  private int preferredEos(Set<Integer> eos) {
    int bos = tokenizer.bosId().orElse(-1);
    return eos.stream().filter(id -> id != bos).findFirst().orElseGet(() -> eos.iterator().next());
  }

  /**
   * Encodes a conversation and marks the assistant's tokens: those of the template's {@code
   * generation} blocks, else the text that each assistant's message adds to the conversation before
   * it with the generation prompt.
   *
   * @throws TemplateException if the template refuses the conversation
   * @throws AlignmentException if the assistant's text cannot be told from the template's
   */
  public ConversationTokens encodeConversation(List<Message> messages) {
    return ConversationEncoder.encode(tokenizer, template, front, new ArrayList<>(messages));
  }
}
