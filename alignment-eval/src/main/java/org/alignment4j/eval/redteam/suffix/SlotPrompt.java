package org.alignment4j.eval.redteam.suffix;

import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.PromptFrame;

/**
 * A prompt in tokens whose slots are searched, and the target's tokens after it. All texts are
 * tokenised together and split.
 */
final class SlotPrompt {
  private final Tokenizer tokenizer;
  private final TokenIds leading;
  private final TokenIds before;
  private final TokenIds initial;
  private final TokenIds after;
  private final TokenIds target;

  private SlotPrompt(
      Tokenizer tokenizer,
      TokenIds leading,
      TokenIds before,
      TokenIds initial,
      TokenIds after,
      TokenIds target) {
    this.tokenizer = tokenizer;
    this.leading = leading;
    this.before = before;
    this.initial = initial;
    this.after = after;
    this.target = target;
  }

  /**
   * Makes the prompt of a goal.
   *
   * @throws IllegalArgumentException when the frame is a chat, or frame, initial text and target do
   *     not lie apart in tokens
   */
  static SlotPrompt of(PromptFrame frame, AttackGoal goal, String initial, Tokenizer tokenizer) {
    if (frame.chat()) {
      throw new IllegalArgumentException(
          "a search over tokens needs the whole prompt but the frame is a chat; write the chat"
              + " template's tokens into a frame of plain text");
    }
    String text = frame.render(goal, initial);
    Encoding encoding = tokenizer.encodeWithOffsets(text);
    int from = frame.before(goal).length();
    int to = from + initial.length();
    int start = 0;
    while (start < encoding.ids().size() && encoding.starts().get(start) < from) {
      start++;
    }
    int end = start;
    while (end < encoding.ids().size() && encoding.ends().get(end) <= to) {
      end++;
    }
    boolean apart =
        start < end
            && (start == 0 || encoding.ends().get(start - 1) <= from)
            && encoding.ends().get(end - 1) == to;
    if (!apart) {
      throw new IllegalArgumentException(
          "the initial text must be whole tokens within the prompt but '"
              + initial
              + "' in '"
              + text
              + "' shares a token with what is around it; begin or end it at a space or line feed");
    }
    TokenIds whole = encoding.ids();
    return new SlotPrompt(
        tokenizer,
        leading(tokenizer, text, whole),
        whole.slice(0, start),
        whole.slice(start, end),
        whole.slice(end, whole.size()),
        target(tokenizer, text, frame.separator() + goal.target(), whole));
  }

  /** The special tokens that the tokenizer puts before a text. */
  private static TokenIds leading(Tokenizer tokenizer, String text, TokenIds plain) {
    TokenIds all = tokenizer.encodeWithSpecialTokens(text);
    for (int at = 0; at + plain.size() <= all.size(); at++) {
      if (all.slice(at, at + plain.size()).equals(plain)) {
        return all.slice(0, at);
      }
    }
    return TokenIds.empty();
  }

  private static TokenIds target(Tokenizer tokenizer, String text, String reply, TokenIds plain) {
    TokenIds all = tokenizer.encode(text + reply);
    if (!all.startsWith(plain) || all.size() == plain.size()) {
      throw new IllegalArgumentException(
          "the target must begin with a token of its own but '"
              + reply
              + "' after '"
              + text
              + "' shares one with the prompt; put its first space into the frame's separator");
    }
    return all.slice(plain.size(), all.size());
  }

  TokenIds initial() {
    return initial;
  }

  TokenIds target() {
    return target;
  }

  /** The whole prompt with special tokens, as a model reads it. */
  TokenIds ids(TokenIds slots) {
    return leading.concat(plain(slots));
  }

  int length() {
    return leading.size() + before.size() + initial.size() + after.size();
  }

  private TokenIds plain(TokenIds slots) {
    return before.concat(slots).concat(after);
  }

  GradientRequest request(TokenIds slots) {
    int start = leading.size() + before.size();
    return new GradientRequest(ids(slots), start, start + slots.size(), target);
  }

  /** The prompt as text, which a model tokenises with the special tokens in front. */
  String text(TokenIds slots) {
    return tokenizer.decodeWithSpecialTokens(plain(slots));
  }

  /** Whether the prompt as text is read as these very tokens. */
  boolean survives(TokenIds slots) {
    return tokenizer.encode(text(slots)).equals(plain(slots));
  }
}
