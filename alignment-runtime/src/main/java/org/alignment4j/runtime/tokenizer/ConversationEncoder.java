package org.alignment4j.runtime.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.tokenizer.template.Rendering;

/** Encodes a conversation with a mask over the assistant's tokens. */
final class ConversationEncoder {

  private ConversationEncoder() {}

  /** A stretch of text in UTF-16 units. */
  private record Range(int start, int end) {}

  static ConversationTokens encode(
      Tokenizer tokenizer, ChatTemplate template, TokenIds front, List<Message> messages) {
    Rendering rendering = template.render(messages, false);
    String text = rendering.text();
    List<Range> ranges =
        template.marksAssistant() ? marked(rendering) : byContinuation(template, messages, text);
    Encoding encoding = tokenizer.encodeWithOffsets(text);
    boolean complete = encoding.ids().startsWith(front);
    TokenIds ids = complete ? encoding.ids() : front.concat(encoding.ids());
    int shift = complete ? 0 : front.size();
    BitSet assistant = new BitSet(ids.size());
    int next = 0;
    for (int i = 0; i < encoding.ids().size(); i++) {
      int start = encoding.starts().get(i);
      int end = encoding.ends().get(i);
      while (next < ranges.size() && ranges.get(next).end() <= start) {
        next++;
      }
      if (next < ranges.size() && end > start && ranges.get(next).start() < end) {
        assistant.set(i + shift);
      }
    }
    return new ConversationTokens(ids, assistant);
  }

  private static List<Range> marked(Rendering rendering) {
    CodePointIndex index = new CodePointIndex(rendering.text());
    List<Range> ranges = new ArrayList<>();
    for (Rendering.Span span : rendering.assistantSpans()) {
      ranges.add(new Range(index.utf16(span.start()), index.utf16(span.end())));
    }
    return ranges;
  }

  private static List<Range> byContinuation(
      ChatTemplate template, List<Message> messages, String text) {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).role() != Role.ASSISTANT) {
        continue;
      }
      String before = template.render(messages.subList(0, i), true).text();
      String after = template.render(messages.subList(0, i + 1), false).text();
      if (!after.startsWith(before) || !text.startsWith(after)) {
        throw new AlignmentException(
            "message %s of the conversation: the chat template must append the assistant's message to the"
                    .formatted(i)
                + " text before it, but it changes that text; use a training variant of the template, with"
                + " generation blocks");
      }
      ranges.add(new Range(before.length(), after.length()));
    }
    return ranges;
  }
}
