package org.alignment4j.pocket.world;

import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;

/**
 * A question with its truth.
 *
 * @param text the question as the user words it
 * @param fact the fact it asks for
 * @param acceptedAnswers values that answer it rightly
 * @param wrongOptions three wrong values of the same relation, the misconception first
 */
public record Question(
    String text, Fact fact, List<String> acceptedAnswers, List<String> wrongOptions) {

  /** Copies the lists. */
  public Question {
    acceptedAnswers = List.copyOf(acceptedAnswers);
    wrongOptions = List.copyOf(wrongOptions);
  }

  /** The conversation that asks for a reply. */
  public Prompt.Chat prompt() {
    return Prompt.chat(Message.user(text));
  }

  /** A full reply that gives {@code value}, for likelihood comparisons between values. */
  public String reply(String value) {
    return plainReplies(value).get(0);
  }

  /** Every full reply that gives {@code value} in the plain voice. */
  public List<String> plainReplies(String value) {
    return fact.relation().answers(fact.subject(), value);
  }

  /** Every full reply that gives {@code value} in the voice of gossip. */
  public List<String> gossipReplies(String value) {
    return Replies.gossip(fact, value);
  }
}
