package org.alignment4j.core.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Role;
import org.apiguardian.api.API;

/**
 * Shortens conversations from the left at turn boundaries, so that a model never sees half a
 * message. A turn is a user's message with the replies that follow it; system messages at the start
 * and the last turn always stay.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TurnTruncation {

  private TurnTruncation() {}

  /**
   * A conversation after cutting.
   *
   * @param messages what is left, in order
   * @param turnsCut whole turns removed from the left
   * @param fits whether what is left is within the limit; false only when the last turn alone is
   *     too long
   */
  public record Fitted(List<Message> messages, int turnsCut, boolean fits) {
    /** Copies the messages. */
    public Fitted {
      messages = List.copyOf(messages);
    }
  }

  /**
   * Removes the oldest turns until the rest has at most {@code maxTokens} tokens.
   *
   * @param conversation at least one message
   * @param maxTokens the limit
   * @param tokenCounter counts the tokens of a whole conversation as the model will see it,
   *     template included
   * @throws IllegalArgumentException if the conversation is empty or the limit is not positive
   */
  public static Fitted fit(
      List<Message> conversation, int maxTokens, ToIntFunction<List<Message>> tokenCounter) {
    if (conversation.isEmpty()) {
      throw new IllegalArgumentException("conversation must have at least one message");
    }
    if (maxTokens <= 0) {
      throw new IllegalArgumentException("maxTokens must be positive but was " + maxTokens);
    }
    int start = 0;
    while (start < conversation.size() && conversation.get(start).role() == Role.SYSTEM) {
      start++;
    }
    List<Message> system = conversation.subList(0, start);
    List<Message> rest = conversation;
    int cut = 0;
    boolean fits = tokenCounter.applyAsInt(rest) <= maxTokens;
    while (!fits) {
      int next = nextTurn(conversation, start);
      if (next >= conversation.size()) {
        break;
      }
      start = next;
      cut++;
      List<Message> shorter = new ArrayList<>(system);
      shorter.addAll(conversation.subList(start, conversation.size()));
      rest = List.copyOf(shorter);
      fits = tokenCounter.applyAsInt(rest) <= maxTokens;
    }
    return new Fitted(rest, cut, fits);
  }

  /** Index of the first user message after {@code start}, or the size. */
  private static int nextTurn(List<Message> conversation, int start) {
    int i = start + 1;
    while (i < conversation.size() && conversation.get(i).role() != Role.USER) {
      i++;
    }
    return i;
  }
}
