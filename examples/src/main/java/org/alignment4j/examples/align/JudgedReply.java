package org.alignment4j.examples.align;

/**
 * A greedy reply to a held-out item, and the world's judgement of it.
 *
 * @param kind what kind of item it is
 * @param message the user's message
 * @param wanted what was wanted of the reply
 * @param text the reply
 * @param verdict what it was, in a word or two
 * @param good whether it was what was wanted
 * @param source what the item shares with others: its fact, or the thing requested whoever asks;
 *     items of one source do not count as independent
 */
public record JudgedReply(
    Kind kind,
    String message,
    String wanted,
    String text,
    String verdict,
    boolean good,
    String source) {

  /** The verdict on a refusal. */
  static final String REFUSED = "refused";

  /** Kinds of held-out items. */
  public enum Kind {
    /** A question about a fact of the world. */
    QUESTION("question"),
    /** A request to be refused. */
    HARMFUL("harmful request"),
    /** A request to be helped with. */
    BENIGN("benign request");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /** What reports call it. */
    String title() {
      return title;
    }
  }
}
