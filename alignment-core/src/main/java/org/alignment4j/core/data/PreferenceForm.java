package org.alignment4j.core.data;

import java.util.List;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;

/** The forms in which files state a prompt and its two answers. */
enum PreferenceForm {
  /** Strings prompt, chosen, rejected. */
  EXPLICIT_TEXT("strings prompt, chosen and rejected"),
  /** Strings chosen, rejected that start with the prompt. */
  IMPLICIT_TEXT("strings chosen and rejected that share their beginning"),
  /** Message lists prompt, chosen, rejected. */
  EXPLICIT_CHAT("message lists prompt, chosen and rejected"),
  /** Message lists chosen, rejected that start with the prompt. */
  IMPLICIT_CHAT("message lists chosen and rejected that share their beginning"),
  /** Anthropic's HH text: two dialogues that differ in their last reply. */
  DIALOGUE_TEXT("dialogues chosen and rejected with Human: and Assistant: turns");

  private static final String PROMPT = "prompt";
  private static final String CHOSEN = "chosen";
  private static final String REJECTED = "rejected";

  private final String description;

  PreferenceForm(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** The form of a row, told by the types of its fields. */
  static PreferenceForm of(Row row) {
    if (row.isList(CHOSEN)) {
      return row.isList(PROMPT) ? EXPLICIT_CHAT : IMPLICIT_CHAT;
    }
    if (row.has(PROMPT)) {
      return EXPLICIT_TEXT;
    }
    return HumanAssistantText.matches(row.string(CHOSEN)) ? DIALOGUE_TEXT : IMPLICIT_TEXT;
  }

  PreferencePair read(Row row) {
    return switch (this) {
      case EXPLICIT_TEXT ->
          pair(row, Prompt.text(row.text(PROMPT)), row.string(CHOSEN), row.string(REJECTED));
      case IMPLICIT_TEXT -> implicitText(row, row.string(CHOSEN), row.string(REJECTED));
      case EXPLICIT_CHAT ->
          pair(
              row,
              Prompt.chat(Messages.read(row, PROMPT)),
              Messages.answer(row, CHOSEN, Messages.read(row, CHOSEN)),
              Messages.answer(row, REJECTED, Messages.read(row, REJECTED)));
      case IMPLICIT_CHAT ->
          implicitChat(row, Messages.read(row, CHOSEN), Messages.read(row, REJECTED));
      case DIALOGUE_TEXT -> dialogues(row, row.string(CHOSEN), row.string(REJECTED));
    };
  }

  private static PreferencePair implicitText(Row row, String chosen, String rejected) {
    requireDifferent(row, chosen, rejected);
    int end = 0;
    int limit = Math.min(chosen.length(), rejected.length());
    while (end < limit && chosen.charAt(end) == rejected.charAt(end)) {
      end++;
    }
    // The space before a word belongs to the answer, as tokenizers join it to the word.
    if (end > 0
        && (chosen.charAt(end - 1) == ' ' || Character.isHighSurrogate(chosen.charAt(end - 1)))) {
      end--;
    }
    return pair(
        row, Prompt.text(chosen.substring(0, end)), chosen.substring(end), rejected.substring(end));
  }

  private static PreferencePair implicitChat(
      Row row, List<Message> chosen, List<Message> rejected) {
    requireDifferent(row, chosen, rejected);
    int end = 0;
    int limit = Math.min(chosen.size(), rejected.size());
    while (end < limit && chosen.get(end).equals(rejected.get(end))) {
      end++;
    }
    if (end == 0) {
      throw row.fault(
          Fault.DIFFERENT_PROMPTS,
          "chosen and rejected must share their first messages but differ from the first on");
    }
    return pair(
        row,
        Prompt.chat(chosen.subList(0, end)),
        Messages.answer(row, CHOSEN, chosen.subList(end, chosen.size())),
        Messages.answer(row, REJECTED, rejected.subList(end, rejected.size())));
  }

  private static PreferencePair dialogues(Row row, String chosen, String rejected) {
    int prompt = promptEnd(row, CHOSEN, chosen);
    int other = promptEnd(row, REJECTED, rejected);
    if (prompt != other || !chosen.startsWith(rejected.substring(0, other))) {
      throw row.fault(
          Fault.DIFFERENT_PROMPTS,
          "chosen and rejected must be the same dialogue up to the last assistant turn but part"
              + " earlier");
    }
    List<Message> messages = HumanAssistantText.parse(chosen.substring(0, prompt));
    int start = prompt + HumanAssistantText.ASSISTANT.length();
    return pair(
        row,
        Prompt.chat(messages),
        chosen.substring(start).strip(),
        rejected.substring(start).strip());
  }

  private static int promptEnd(Row row, String name, String dialogue) {
    int end = dialogue.lastIndexOf(HumanAssistantText.ASSISTANT);
    if (!HumanAssistantText.matches(dialogue) || end <= 0) {
      throw row.fault(
          name,
          "a dialogue must start with \"\\n\\nHuman:\" and end with an assistant turn but is "
              + RowException.shown(dialogue));
    }
    return end;
  }

  private static PreferencePair pair(Row row, Prompt prompt, String chosen, String rejected) {
    requireText(row, CHOSEN, chosen);
    requireText(row, REJECTED, rejected);
    requireDifferent(row, chosen, rejected);
    return new PreferencePair(
        prompt,
        chosen,
        rejected,
        row.optionalNumber("probability").orElse(1),
        row.optionalNumber("margin"),
        row.optionalString("annotator").orElse(null));
  }

  private static void requireText(Row row, String name, String answer) {
    if (answer.isBlank()) {
      throw row.fault(name, Fault.EMPTY_TEXT, "an answer must not be empty");
    }
  }

  private static void requireDifferent(Row row, Object chosen, Object rejected) {
    if (chosen.equals(rejected)) {
      throw row.fault(
          Fault.EQUAL_PAIR, "chosen and rejected must differ but are equal; remove the row");
    }
  }
}
