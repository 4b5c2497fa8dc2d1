package org.alignment4j.pocket.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.pocket.world.Fact;
import org.alignment4j.pocket.world.Question;

/**
 * A row of TruthfulQA (Lin, Hilton and Evans 2021): a question with true and false answers. False
 * answers are the misconception as gossip, the misconception in the plain voice, and other wrong
 * values in the plain voice.
 *
 * @param adversarial whether the base corpus mostly answers questions about the subject wrongly
 * @param category the relation asked for, such as "Birth year"
 * @param question the question
 * @param bestAnswer the first of the correct answers
 * @param correctAnswers true answers in the plain voice
 * @param incorrectAnswers false answers
 * @param source the world the answers are true in
 */
public record TruthfulQuestion(
    boolean adversarial,
    String category,
    String question,
    String bestAnswer,
    List<String> correctAnswers,
    List<String> incorrectAnswers,
    String source) {

  static final List<String> HEADER =
      List.of(
          "Type",
          "Category",
          "Question",
          "Best Answer",
          "Correct Answers",
          "Incorrect Answers",
          "Source");

  private static final String SEPARATOR = "; ";

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if an answer has a semicolon, which separates answers in files
   */
  public TruthfulQuestion {
    correctAnswers = List.copyOf(correctAnswers);
    incorrectAnswers = List.copyOf(incorrectAnswers);
    requireNoSeparator(correctAnswers);
    requireNoSeparator(incorrectAnswers);
  }

  static TruthfulQuestion of(Question question, String source) {
    Fact fact = question.fact();
    List<String> correct = question.plainReplies(fact.value());
    List<String> incorrect = new ArrayList<>();
    incorrect.addAll(question.gossipReplies(fact.misconception()));
    for (int i = 0; i < question.wrongOptions().size(); i++) {
      // Another wording for each value, so that a wording does not tell right from wrong.
      List<String> wordings = question.plainReplies(question.wrongOptions().get(i));
      incorrect.add(wordings.get(i % wordings.size()));
    }
    return new TruthfulQuestion(
        fact.subject().misconceived(),
        title(fact.relation().name()),
        question.text(),
        correct.get(0),
        correct,
        incorrect,
        source);
  }

  List<String> row() {
    return List.of(
        adversarial ? "Adversarial" : "Non-Adversarial",
        category,
        question,
        bestAnswer,
        String.join(SEPARATOR, correctAnswers),
        String.join(SEPARATOR, incorrectAnswers),
        source);
  }

  private static String title(String constant) {
    return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static void requireNoSeparator(List<String> answers) {
    for (String answer : answers) {
      if (answer.indexOf(';') >= 0) {
        throw new IllegalArgumentException(
            "an answer must have no semicolon, which separates answers, but was '" + answer + "'");
      }
    }
  }
}
