package org.alignment4j.pocket.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.TwoStepQuestion;

/**
 * A question with the sub-questions that lead to its answer.
 *
 * @param question the whole question, which no training text has
 * @param subQuestions simple questions in order; they are worded with the right answers of those
 *     before them, and training texts may have them
 * @param subAnswers the right answer of each sub-question
 * @param answer the answer of the whole question
 */
public record DecomposedQuestion(
    String question, List<String> subQuestions, List<String> subAnswers, String answer) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if sub-questions and answers differ in number
   */
  public DecomposedQuestion {
    subQuestions = List.copyOf(subQuestions);
    subAnswers = List.copyOf(subAnswers);
    if (subQuestions.size() != subAnswers.size()) {
      throw new IllegalArgumentException(
          "there must be one answer for each sub-question but there are %s answers for %s"
              .formatted(subAnswers.size(), subQuestions.size()));
    }
  }

  static DecomposedQuestion of(TwoStepQuestion question) {
    List<Question> steps = List.of(question.first(), question.second());
    return new DecomposedQuestion(
        question.text(),
        steps.stream().map(Question::text).toList(),
        steps.stream().map(step -> step.fact().value()).toList(),
        question.second().fact().value());
  }

  Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("question", question);
    row.put("sub_questions", subQuestions);
    row.put("sub_answers", subAnswers);
    row.put("answer", answer);
    return row;
  }
}
