package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;
import org.jspecify.annotations.Nullable;

/** A prompt in the logs of a run. */
final class LoggedPrompt {

  private static final String ROLE = "role";
  private static final String CONTENT = "content";

  private LoggedPrompt() {}

  /** As a value of a line: text as a string, a conversation as messages, tokens as numbers. */
  static Object of(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    if (prompt instanceof Prompt.Chat chat) {
      return chat.messages().stream()
          .map(
              m -> {
                Map<String, Object> message = new LinkedHashMap<>();
                message.put(ROLE, m.role().toString());
                message.put(CONTENT, m.content());
                return message;
              })
          .toList();
    }
    return ((Prompt.Tokens) prompt).ids().stream().boxed().toList();
  }

  /** A value of a line as people read it: of a conversation each turn under its speaker. */
  static String shown(@Nullable Object value) {
    if (value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(m -> m instanceof Map<?, ?> map && map.containsKey(CONTENT))) {
      return list.stream().map(m -> turn((Map<?, ?>) m)).collect(Collectors.joining("\n\n"));
    }
    return value == null ? "" : value.toString();
  }

  private static String turn(Map<?, ?> message) {
    String role = String.valueOf(message.get(ROLE)).toLowerCase(Locale.ROOT);
    return role + ": " + message.get(CONTENT);
  }
}
