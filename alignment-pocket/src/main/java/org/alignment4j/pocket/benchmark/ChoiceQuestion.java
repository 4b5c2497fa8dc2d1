package org.alignment4j.pocket.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.pocket.world.Exam;
import org.alignment4j.pocket.world.Question;

/**
 * A question with four choices, in the fields of MMLU (Hendrycks et al. 2021).
 *
 * @param question the question
 * @param subject the relation asked for, such as "birth_year"
 * @param choices the choices in order
 * @param answer index of the right choice
 */
public record ChoiceQuestion(String question, String subject, List<String> choices, int answer) {

  /**
   * Copies the choices.
   *
   * @throws IndexOutOfBoundsException if no choice has the index {@code answer}
   */
  public ChoiceQuestion {
    choices = List.copyOf(choices);
    Objects.checkIndex(answer, choices.size());
  }

  /** The right choice stands at each place equally often, and so does the misconception. */
  static ChoiceQuestion of(int index, Question question) {
    List<String> choices = new ArrayList<>(question.wrongOptions());
    int places = choices.size() + 1;
    Collections.rotate(choices, index / places % choices.size());
    int answer = index % places;
    choices.add(answer, question.fact().value());
    String subject = question.fact().relation().name().toLowerCase(Locale.ROOT);
    return new ChoiceQuestion(question.text(), subject, choices, answer);
  }

  Map<String, Object> jsonRow() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("question", question);
    row.put("subject", subject);
    row.put("choices", choices);
    row.put("answer", answer);
    return row;
  }

  /** Question, choices and the right letter, as MMLU's files have them without a header. */
  List<String> csvRow() {
    List<String> row = new ArrayList<>();
    row.add(question);
    row.addAll(choices);
    row.add(Exam.letter(answer));
    return row;
  }
}
