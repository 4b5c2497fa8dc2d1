package org.alignment4j.pocket.world;

import org.alignment4j.api.model.Prompt;

/**
 * A question that takes two facts, with its sub-questions.
 *
 * @param text the whole question
 * @param first the first sub-question
 * @param second the second sub-question if the first was answered rightly
 */
public record TwoStepQuestion(String text, Question first, Question second) {

  /** Asks the whole question at once. */
  public Prompt.Text prompt() {
    return Exam.prompt(text);
  }

  /** The second sub-question as it follows from an answer to the first, right or not. */
  public String secondText(String answerToFirst) {
    return second.text().replace(first.fact().value(), answerToFirst);
  }
}
