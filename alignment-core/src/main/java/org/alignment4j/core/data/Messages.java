package org.alignment4j.core.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Role;

/** Reads lists of objects with {@code role} and {@code content}. */
final class Messages {

  private Messages() {}

  static List<Message> read(Row row, String name) {
    List<Message> messages = new ArrayList<>();
    for (Row element : row.objects(name)) {
      String role = element.string("role");
      String content = element.string("content");
      try {
        messages.add(new Message(Role.of(role), content));
      } catch (IllegalArgumentException e) {
        throw element.fault("role", String.valueOf(e.getMessage()));
      }
    }
    if (messages.isEmpty()) {
      throw row.fault(name, Fault.EMPTY_TEXT, "a conversation must have messages but is empty");
    }
    return List.copyOf(messages);
  }

  /** An answer that is text or a list of one assistant message; not blank. */
  static String completion(Row row, String name) {
    if (!row.isList(name)) {
      return row.text(name);
    }
    String answer = answer(row, name, read(row, name));
    if (answer.isBlank()) {
      throw row.fault(name, Fault.EMPTY_TEXT, "text must not be empty");
    }
    return answer;
  }

  /** Messages as values to write. */
  static List<Map<String, String>> fields(List<Message> messages) {
    return messages.stream()
        .map(
            message -> {
              Map<String, String> fields = new LinkedHashMap<>();
              fields.put("role", message.role().label());
              fields.put("content", message.content());
              return fields;
            })
        .toList();
  }

  /** The content of the one assistant message that {@code messages} must consist of. */
  static String answer(Row row, String name, List<Message> messages) {
    if (messages.size() != 1 || messages.get(0).role() != Role.ASSISTANT) {
      throw row.fault(
          name,
          "an answer must be one assistant message after the prompt but is "
              + messages.size()
              + " messages"
              + (messages.isEmpty() ? "" : " starting with " + messages.get(0).role().label()));
    }
    return messages.get(0).content();
  }
}
