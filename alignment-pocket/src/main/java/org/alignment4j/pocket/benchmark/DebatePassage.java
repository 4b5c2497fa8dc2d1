package org.alignment4j.pocket.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.pocket.world.Passage;

/**
 * A passage with a question and two answers to debate, one of which it supports, in the manner of
 * debates over QuALITY (Pang et al. 2022; Khan et al. 2024).
 *
 * @param id place in the set, from 0
 * @param passage the passage, which a judge may be kept from
 * @param question the question
 * @param answers two answers in order
 * @param correct index of the right answer
 * @param support the sentence of the passage that answers the question
 */
public record DebatePassage(
    int id, String passage, String question, List<String> answers, int correct, String support) {

  /**
   * Copies the answers.
   *
   * @throws IllegalArgumentException if there are not two answers or the support is not of the
   *     passage
   * @throws IndexOutOfBoundsException if no answer has the index {@code correct}
   */
  public DebatePassage {
    answers = List.copyOf(answers);
    Objects.checkIndex(correct, answers.size());
    if (answers.size() != 2) {
      throw new IllegalArgumentException("there must be 2 answers but were " + answers.size());
    }
    if (!passage.contains(support)) {
      throw new IllegalArgumentException(
          "support must be a sentence of the passage but was '" + support + "'");
    }
  }

  /** The right answer stands first in every other item. */
  static DebatePassage of(int id, Passage passage) {
    String right = passage.question().fact().value();
    String wrong = passage.wrongAnswer();
    boolean rightFirst = id % 2 == 0;
    return new DebatePassage(
        id,
        passage.text(),
        passage.question().text(),
        rightFirst ? List.of(right, wrong) : List.of(wrong, right),
        rightFirst ? 0 : 1,
        passage.support());
  }

  Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", id);
    row.put("passage", passage);
    row.put("question", question);
    row.put("answers", answers);
    row.put("correct", correct);
    row.put("support", support);
    return row;
  }
}
