package org.alignment4j.pocket.world;

/**
 * The dialogue form of the pocket world: {@code "\n\nHuman: …\n\nAssistant: …"}. A prompt ends with
 * {@code "Assistant:"} and a completion begins with the blank after it, so that a prompt's tokens
 * are a prefix of the dialogue's tokens.
 */
public final class Dialogue {
  /** What stands before a user's turn. */
  public static final String HUMAN = "\n\nHuman:";

  /** What stands before an assistant's turn. */
  public static final String ASSISTANT = "\n\nAssistant:";

  private Dialogue() {}

  /** The prompt that asks for a reply to {@code message}. */
  public static String prompt(String message) {
    return HUMAN + " " + message + ASSISTANT;
  }

  /** The completion that gives {@code reply}. */
  public static String completion(String reply) {
    return " " + reply;
  }

  /** A dialogue of one turn each, without an end-of-text token. */
  public static String of(String message, String reply) {
    return prompt(message) + completion(reply);
  }

  /** The first reply in generated text: what stands before the next turn, trimmed. */
  public static String firstReply(String generated) {
    int end = generated.indexOf(HUMAN);
    return (end < 0 ? generated : generated.substring(0, end)).strip();
  }
}
