package org.alignment4j.rlhf.reward;

import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;

/** A prompt as a judge reads it. */
final class DialogueText {

  private DialogueText() {}

  static String of(Prompt prompt, String place) {
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
        place + ": a judge reads text but the prompt was token ids; decode them first");
  }
}
