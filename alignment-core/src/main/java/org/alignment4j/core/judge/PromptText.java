package org.alignment4j.core.judge;

import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;

/** A prompt as a judge reads it. */
final class PromptText {
  private PromptText() {}

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
        "a judge reads text but the prompt was token ids; decode them first");
  }
}
