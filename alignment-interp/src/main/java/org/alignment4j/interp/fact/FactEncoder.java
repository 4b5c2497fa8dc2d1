package org.alignment4j.interp.fact;

import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.apiguardian.api.API;

/**
 * Turns facts into tokens. Prompts begin with the special tokens that the tokenizer puts before a
 * text, such as a beginning-of-sequence token. Prompt and answer are tokenised jointly, with a
 * space between them unless one is there. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FactEncoder {

  private final Tokenizer tokenizer;

  /**
   * An encoder.
   *
   * @param tokenizer the model's
   */
  public FactEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * The tokens of a fact's own prompt, subject and answer.
   *
   * @param fact the fact
   * @return the tokens
   * @throws IllegalArgumentException when prompt and answer cannot be told apart as tokens
   */
  public FactPrompt encode(Fact fact) {
    return encode(fact.prompt(), fact.subject(), fact.target());
  }

  /**
   * The tokens of a prompt, of the subject in it and of an answer.
   *
   * @param prompt the text before the answer
   * @param subject a part of it
   * @param target the answer
   * @return the tokens
   * @throws IllegalArgumentException when the prompt does not have the subject, or prompt and
   *     answer cannot be told apart as tokens
   */
  public FactPrompt encode(String prompt, String subject, String target) {
    return new FactPrompt(locate(prompt, subject), cloze(prompt, target).target());
  }

  /**
   * The tokens of a prompt and of its subject, in the last place where it stands as whole words, or
   * else in the last place where it stands at all. A token belongs to the subject when one of its
   * characters does, so that the space before a word may be part of its first token.
   *
   * @param prompt the text
   * @param subject a part of it
   * @return the tokens
   * @throws IllegalArgumentException when the prompt does not have the subject
   */
  public SubjectPrompt locate(String prompt, String subject) {
    int start = lastPlace(prompt, subject);
    if (start < 0 || subject.isBlank()) {
      throw new IllegalArgumentException(
          "the prompt must contain its subject but '"
              + prompt
              + "' does not have '"
              + subject
              + "'; check spelling, capitals and spaces");
    }
    int end = start + subject.length();
    Encoding encoding = tokenizer.encodeWithOffsets(prompt);
    int before = specialsBefore(prompt, encoding.ids());
    int first = -1;
    int last = -1;
    for (int i = 0; i < encoding.ids().size(); i++) {
      if (encoding.starts().get(i) < end && encoding.ends().get(i) > start) {
        first = first < 0 ? i : first;
        last = i;
      }
    }
    if (first < 0) {
      throw new IllegalArgumentException(
          "the subject '"
              + subject
              + "' must have tokens of its own but '"
              + prompt
              + "' has none there");
    }
    return new SubjectPrompt(prompt(prompt), before + first, before + last);
  }

  /**
   * The tokens of a prompt and of an answer.
   *
   * @param prompt the text before the answer
   * @param target the answer
   * @return the tokens
   * @throws IllegalArgumentException when prompt and answer cannot be told apart as tokens
   */
  public Cloze cloze(String prompt, String target) {
    boolean spaced =
        prompt.isEmpty()
            || Character.isWhitespace(prompt.charAt(prompt.length() - 1))
            || (!target.isEmpty() && Character.isWhitespace(target.charAt(0)));
    TokenIds alone = prompt(prompt);
    TokenIds joint = prompt(prompt + (spaced ? "" : " ") + target);
    if (!joint.startsWith(alone) || joint.size() == alone.size()) {
      throw new IllegalArgumentException(
          "prompt and target must be told apart as tokens but '"
              + prompt
              + "' is no beginning of itself followed by '"
              + target
              + "'; end the prompt at a word, without a space");
    }
    return new Cloze(alone, joint.slice(alone.size(), joint.size()));
  }

  /**
   * The tokens of a text, after the special tokens that begin a text.
   *
   * @param text the text
   * @return the tokens
   */
  public TokenIds prompt(String text) {
    TokenIds plain = tokenizer.encode(text);
    int before = specialsBefore(text, plain);
    return tokenizer.encodeWithSpecialTokens(text).slice(0, before + plain.size());
  }

  private int specialsBefore(String text, TokenIds plain) {
    TokenIds whole = tokenizer.encodeWithSpecialTokens(text);
    for (int i = 0; i + plain.size() <= whole.size(); i++) {
      if (whole.slice(i, i + plain.size()).equals(plain)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "special tokens must stand around a text's own but those of '" + text + "' change them");
  }

  private static int lastPlace(String prompt, String subject) {
    for (int i = prompt.lastIndexOf(subject); i >= 0; i = prompt.lastIndexOf(subject, i - 1)) {
      int end = i + subject.length();
      boolean begins = i == 0 || !Character.isLetterOrDigit(prompt.charAt(i - 1));
      boolean ends = end == prompt.length() || !Character.isLetterOrDigit(prompt.charAt(end));
      if (begins && ends) {
        return i;
      }
    }
    int inside = prompt.lastIndexOf(subject);
    if (inside >= 0 && (cased(prompt, inside - 1) || cased(prompt, inside + subject.length()))) {
      throw new IllegalArgumentException(
          "the subject must be whole words of the prompt but '"
              + subject
              + "' is only part of one in '"
              + prompt
              + "'; write it as the prompt does");
    }
    return inside;
  }

  /** Whether a letter of a script that divides words by spaces stands at a place. */
  private static boolean cased(String text, int at) {
    return at >= 0
        && at < text.length()
        && (Character.isUpperCase(text.charAt(at)) || Character.isLowerCase(text.charAt(at)));
  }
}
