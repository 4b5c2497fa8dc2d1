package org.alignment4j.eval.record;

import java.util.StringJoiner;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;

/** A prompt as text for a reader. */
final class PromptText {
  private PromptText() {}

  static String of(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    if (prompt instanceof Prompt.Tokens tokens) {
      return tokens.ids().toString();
    }
    StringJoiner lines = new StringJoiner("\n\n");
    for (Message message : ((Prompt.Chat) prompt).messages()) {
      lines.add(message.role().label() + ": " + message.content());
    }
    return lines.toString();
  }
}
