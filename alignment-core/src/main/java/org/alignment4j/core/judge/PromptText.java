package org.alignment4j.core.judge;

import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/** A prompt as a judge reads it, or another who did not write it. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PromptText {
  private PromptText() {}

  /**
   * Returns the text of a prompt; of a conversation of several messages with the speakers.
   *
   * @throws IllegalArgumentException if it is a prompt of token ids
   */
  public static String of(Prompt prompt) {
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
        "a judge reads text but the prompt was token ids; decode them first");
  }
}
