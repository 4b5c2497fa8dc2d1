package org.alignment4j.core.data;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Role;
import org.apiguardian.api.API;

/** An example for supervised training: what the model shall learn to write. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public sealed interface Demonstration {

  /**
   * A text whose every token is learnt (language modelling).
   *
   * @param text the text
   */
  record Text(String text) implements Demonstration {
    /** Checks that nothing is missing. */
    public Text {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A prompt with the answer to learn; the prompt is not learnt.
   *
   * @param example prompt and answer
   */
  record Answer(PromptCompletion example) implements Demonstration {
    /** Checks that nothing is missing. */
    public Answer {
      Objects.requireNonNull(example, "example");
    }
  }

  /**
   * A conversation of which every assistant message is learnt.
   *
   * @param messages at least one of them the assistant's, in order
   */
  record Conversation(List<Message> messages) implements Demonstration {
    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if no message is the assistant's
     */
    public Conversation {
      messages = List.copyOf(messages);
      if (messages.stream().noneMatch(m -> m.role() == Role.ASSISTANT)) {
        throw new IllegalArgumentException(
            "a conversation to learn must have an assistant message but has "
                + messages.size()
                + " of other roles");
      }
    }
  }

  /** Returns the demonstration of one answer to a prompt. */
  static Demonstration answer(Prompt prompt, String completion) {
    return new Answer(new PromptCompletion(prompt, completion));
  }
}
