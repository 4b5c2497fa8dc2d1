package org.alignment4j.api.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/** What a model is asked to continue: plain text, a conversation, or token ids. */
@API(status = API.Status.STABLE, since = "0.1")
public sealed interface Prompt {

  /**
   * Returns a prompt of plain text.
   *
   * @param text the text to continue; may be empty
   * @return the prompt
   */
  static Text text(String text) {
    return new Text(text);
  }

  /**
   * Returns a prompt that is a conversation.
   *
   * @param messages at least one message, in order
   * @return the prompt
   * @throws IllegalArgumentException when there is no message
   */
  static Chat chat(Message... messages) {
    return new Chat(List.of(messages));
  }

  /**
   * Returns a prompt that is a conversation.
   *
   * @param messages at least one message, in order
   * @return the prompt
   * @throws IllegalArgumentException when there is no message
   */
  static Chat chat(List<Message> messages) {
    return new Chat(messages);
  }

  /**
   * Returns a prompt of token ids.
   *
   * @param ids the ids to continue
   * @return the prompt
   * @throws IllegalArgumentException when an id is negative
   */
  static Tokens tokens(int... ids) {
    return new Tokens(TokenIds.of(ids));
  }

  /**
   * Returns a prompt of token ids.
   *
   * @param ids the ids to continue
   * @return the prompt
   */
  static Tokens tokens(TokenIds ids) {
    return new Tokens(ids);
  }

  /**
   * Plain text. A model tokenises it with the special tokens its tokenizer adds to a text (such as
   * a beginning-of-sequence token).
   *
   * @param text the text to continue; may be empty
   */
  record Text(String text) implements Prompt {
    /** Checks that nothing is missing. */
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A conversation, rendered by the model's own chat template. The model gives the next message of
   * the assistant; when the last message is already the assistant's, the model continues it.
   *
   * @param messages at least one message, in order
   */
  record Chat(List<Message> messages) implements Prompt {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when there is no message
     */
    public Chat {
      messages = List.copyOf(messages);
      if (messages.isEmpty()) {
        throw new IllegalArgumentException("messages must contain at least one message");
      }
    }

    /**
     * Returns this conversation with one more message.
     *
     * @param message what follows
     * @return the longer conversation
     */
    public Chat with(Message message) {
      List<Message> longer = new ArrayList<>(messages);
      longer.add(message);
      return new Chat(longer);
    }

    /**
     * Returns the last message.
     *
     * @return the last message
     */
    public Message last() {
      return messages.get(messages.size() - 1);
    }
  }

  /**
   * Token ids, taken as they are: nothing is added in front.
   *
   * @param ids the ids to continue
   */
  record Tokens(TokenIds ids) implements Prompt {
    /** Checks that nothing is missing. */
    public Tokens {
      Objects.requireNonNull(ids, "ids");
    }
  }
}
