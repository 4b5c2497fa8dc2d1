package org.alignment4j.core.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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
  DIALOGUE_TEXT("dialogues chosen and rejected with Human: and Assistant: turns"),
  /** Two numbered outputs and the number of the better one. */
  NUMBERED_OUTPUTS("output_1, output_2 and label"),
  /** Two lettered answers and whether the first is the better one. */
  LETTERED_ANSWERS("human_ref_A, human_ref_B and labels");

  private static final String PROMPT = "prompt";
  private static final String CHOSEN = "chosen";
  private static final String REJECTED = "rejected";

  private static final String PROBABILITY = "probability";
  private static final String MARGIN = "margin";
  private static final String ANNOTATOR = "annotator";
  private static final String CHOSEN_SCORE = "chosen_score";
  private static final String REJECTED_SCORE = "rejected_score";
  private static final String CHOSEN_VOTES = "chosen_votes";
  private static final String REJECTED_VOTES = "rejected_votes";
  private static final String OUTPUT_1 = "output_1";
  private static final String OUTPUT_2 = "output_2";
  private static final String LABEL = "label";
  private static final String ANSWER_A = "human_ref_A";
  private static final String ANSWER_B = "human_ref_B";
  private static final String LABELS = "labels";

  private final String description;

  PreferenceForm(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** The form of a row, told by the types of its fields. */
  static PreferenceForm of(Row row) {
    if (!row.states(CHOSEN) && !row.states(REJECTED)) {
      if (row.states(OUTPUT_1)) {
        return NUMBERED_OUTPUTS;
      }
      if (row.states(ANSWER_A)) {
        return LETTERED_ANSWERS;
      }
    }
    if (row.isList(PROMPT) && row.isString(CHOSEN)) {
      return EXPLICIT_CHAT;
    }
    if (row.isList(CHOSEN)) {
      return row.isList(PROMPT) ? EXPLICIT_CHAT : IMPLICIT_CHAT;
    }
    // An empty cell of a column prompt is a prompt that lacks, not another form.
    if (row.holds(PROMPT)) {
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
              Messages.completion(row, CHOSEN),
              Messages.completion(row, REJECTED));
      case IMPLICIT_CHAT ->
          implicitChat(row, Messages.read(row, CHOSEN), Messages.read(row, REJECTED));
      case DIALOGUE_TEXT -> dialogues(row, row.string(CHOSEN), row.string(REJECTED));
      case NUMBERED_OUTPUTS -> numbered(row);
      case LETTERED_ANSWERS -> lettered(row);
    };
  }

  private static PreferencePair numbered(Row row) {
    long better = row.integer(LABEL);
    if (better != 1 && better != 2) {
      throw row.fault(LABEL, "the better output must be 1 or 2 but was " + better);
    }
    return labelled(row, "input", OUTPUT_1, OUTPUT_2, better == 1);
  }

  private static PreferencePair lettered(Row row) {
    return labelled(row, "history", ANSWER_A, ANSWER_B, row.bool(LABELS));
  }

  private static PreferencePair labelled(
      Row row, String prompt, String first, String second, boolean firstIsBetter) {
    return pair(
        row,
        Prompt.text(row.text(row.states(PROMPT) ? PROMPT : prompt)),
        row.text(firstIsBetter ? first : second),
        row.text(firstIsBetter ? second : first));
  }

  private static PreferencePair implicitText(Row row, String chosen, String rejected) {
    if (row.has(PromptFields.SYSTEM)) {
      throw row.fault(
          PromptFields.SYSTEM,
          "a system message must come with the field prompt or with message lists, but these texts"
              + " do not say where the prompt ends");
    }
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
    return pairWithoutSystem(
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
    return pairWithoutSystem(row, PromptFields.withSystem(row, prompt), chosen, rejected);
  }

  private static PreferencePair pairWithoutSystem(
      Row row, Prompt prompt, String chosen, String rejected) {
    requireText(row, CHOSEN, chosen);
    requireText(row, REJECTED, rejected);
    requireDifferent(row, chosen, rejected);
    return new PreferencePair(
        prompt,
        chosen,
        rejected,
        probability(row),
        margin(row),
        row.optionalString(ANNOTATOR).orElse(null));
  }

  private static double probability(Row row) {
    if (row.has(PROBABILITY) || !(row.has(CHOSEN_VOTES) || row.has(REJECTED_VOTES))) {
      return row.optionalNumber(PROBABILITY).orElse(1);
    }
    double chosen = votes(row, CHOSEN_VOTES);
    double all = chosen + votes(row, REJECTED_VOTES);
    if (all == 0) {
      throw row.fault(CHOSEN_VOTES, "there must be a vote for either answer but there is none");
    }
    return chosen / all;
  }

  private static double votes(Row row, String name) {
    long votes = row.integer(name);
    if (votes < 0) {
      throw row.fault(name, "votes must not be negative but were " + votes);
    }
    return votes;
  }

  private static OptionalDouble margin(Row row) {
    if (row.has(MARGIN) || !(row.has(CHOSEN_SCORE) || row.has(REJECTED_SCORE))) {
      return row.optionalNumber(MARGIN);
    }
    double chosen = row.number(CHOSEN_SCORE);
    double rejected = row.number(REJECTED_SCORE);
    if (chosen < rejected) {
      throw row.fault(
          CHOSEN_SCORE,
          "the chosen answer must not have the lower score but has "
              + chosen
              + " and the rejected one "
              + rejected);
    }
    return OptionalDouble.of(chosen - rejected);
  }

  /** The row of a pair in the explicit forms. */
  static Map<String, Object> fields(PreferencePair pair) {
    Map<String, Object> fields = new LinkedHashMap<>();
    PromptFields.put(fields, pair.prompt());
    PromptFields.putAnswer(fields, CHOSEN, pair.prompt(), pair.chosen());
    PromptFields.putAnswer(fields, REJECTED, pair.prompt(), pair.rejected());
    if (pair.probability() != 1) {
      fields.put(PROBABILITY, pair.probability());
    }
    pair.margin().ifPresent(margin -> fields.put(MARGIN, margin));
    if (pair.annotator() != null) {
      fields.put(ANNOTATOR, pair.annotator());
    }
    return fields;
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
