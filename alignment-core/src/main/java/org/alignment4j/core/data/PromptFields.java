package org.alignment4j.core.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;

/** What was asked: text or a list of messages, and the system message where a column has one. */
final class PromptFields {

  static final String PROMPT = "prompt";
  static final String SYSTEM = "system";

  private PromptFields() {}

  /** Reads a prompt; a column {@code system} makes a conversation of a text. */
  static Prompt read(Row row, String name) {
    return withSystem(
        row,
        row.isList(name) ? Prompt.chat(Messages.read(row, name)) : Prompt.text(row.text(name)));
  }

  /** The prompt as a conversation that starts with the row's system message, where it has one. */
  static Prompt withSystem(Row row, Prompt prompt) {
    if (!row.states(SYSTEM)) {
      return prompt;
    }
    if (prompt instanceof Prompt.Text text) {
      return Prompt.chat(conversation(row, List.of(Message.user(text.text()))));
    }
    return prompt instanceof Prompt.Chat chat
        ? Prompt.chat(conversation(row, chat.messages()))
        : prompt;
  }

  /** The messages after the row's system message, where it has one. */
  static List<Message> conversation(Row row, List<Message> messages) {
    String system = row.optionalString(SYSTEM).orElse("");
    if (system.isBlank()) {
      return messages;
    }
    if (messages.get(0).role() == Role.SYSTEM) {
      throw row.fault(
          SYSTEM, "the system message must be stated once but the conversation has one too");
    }
    List<Message> longer = new ArrayList<>();
    longer.add(Message.system(system));
    longer.addAll(messages);
    return List.copyOf(longer);
  }

  /** How a prompt is told from others in a file of one form. */
  static String form(Prompt prompt) {
    return prompt instanceof Prompt.Chat ? "a conversation as prompt" : "text as prompt";
  }

  /**
   * Adds a prompt to a row to write.
   *
   * @throws IllegalArgumentException if it is made of token ids, which have no form in files
   */
  static void put(Map<String, Object> fields, Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      fields.put(PROMPT, text.text());
    } else if (prompt instanceof Prompt.Chat chat) {
      fields.put(PROMPT, Messages.fields(chat.messages()));
    } else {
      throw new IllegalArgumentException(
          "prompt must be text or a conversation to be written but was token ids; decode them");
    }
  }

  /** Adds an answer to a row to write: a message after a conversation, text after text. */
  static void putAnswer(Map<String, Object> fields, String name, Prompt prompt, String answer) {
    fields.put(
        name,
        prompt instanceof Prompt.Chat
            ? Messages.fields(List.of(Message.assistant(answer)))
            : answer);
  }
}
