package org.alignment4j.oversight.constitution;

import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;

/** A prompt as somebody reads it who did not write it. */
final class RequestText {
  private RequestText() {}

  /**
   * Returns the text of a prompt; of a conversation with the speakers.
   *
   * @throws IllegalArgumentException if it is a prompt of token ids
   */
  static String of(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    if (prompt instanceof Prompt.Chat chat) {
      return chat.messages().size() == 1
          ? chat.last().content()
          : chat.messages().stream()
              .map(message -> message.role().label() + ":\n" + message.content())
              .collect(Collectors.joining("\n\n"));
    }
    throw new IllegalArgumentException(
        "a constitution is applied to text but the prompt was token ids; decode them first");
  }
}
