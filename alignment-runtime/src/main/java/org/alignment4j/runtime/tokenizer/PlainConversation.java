package org.alignment4j.runtime.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.runtime.tokenizer.template.Rendering;

/** The text form of the Anthropic HH data. */
final class PlainConversation {

  private static final String HUMAN = "\n\nHuman:";
  private static final String ASSISTANT = "\n\nAssistant:";

  private PlainConversation() {}

  static Rendering render(List<Message> messages, boolean addGenerationPrompt) {
    StringBuilder text = new StringBuilder();
    List<Rendering.Span> spans = new ArrayList<>();
    int codePoints = 0;
    for (Message message : messages) {
      String head =
          switch (message.role()) {
            case SYSTEM -> "";
            case USER -> HUMAN;
            case ASSISTANT -> ASSISTANT;
          };
      String body = head.isEmpty() ? message.content() : " " + message.content();
      int start = codePoints + head.length();
      codePoints = start + body.codePointCount(0, body.length());
      text.append(head).append(body);
      if (head.equals(ASSISTANT)) {
        spans.add(new Rendering.Span(start, codePoints));
      }
    }
    if (addGenerationPrompt) {
      text.append(ASSISTANT);
    }
    return new Rendering(text.toString(), spans, true);
  }
}
