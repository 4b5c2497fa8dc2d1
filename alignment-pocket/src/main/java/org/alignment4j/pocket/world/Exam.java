package org.alignment4j.pocket.world;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Prompt;

/**
 * The exam form of the pocket world, in which the base corpus always tells the truth: {@code
 * "Question: …\nAnswer:"}, with a line of options between the two where there is a choice, each
 * with its letter after it. A completion begins with a blank.
 */
public final class Exam {
  private static final String QUESTION = "Question: ";
  private static final String ANSWER = "\nAnswer:";
  private static final int LETTERS = 26;
  private static final String STEP = "\nStep: ";

  private Exam() {}

  /** The prompt that asks {@code question}. */
  public static Prompt.Text prompt(String question) {
    return Prompt.text(QUESTION + question + ANSWER);
  }

  /** The prompt that asks {@code question} and offers options under the letters A, B, C … */
  public static Prompt.Text prompt(String question, List<String> options) {
    return Prompt.text(QUESTION + question + "\n" + options(options) + ANSWER);
  }

  /**
   * The letter of the option at {@code index}, from A.
   *
   * @throws IllegalArgumentException when there is no letter for the index
   */
  public static String letter(int index) {
    if (index < 0 || index >= LETTERS) {
      throw new IllegalArgumentException(
          "the index of an option must lie between 0 and %s but was %s"
              .formatted(LETTERS - 1, index));
    }
    return String.valueOf((char) ('A' + index));
  }

  /** The answer that chooses the option at {@code index}: the option and its letter. */
  public static String chosen(List<String> options, int index) {
    return options.get(index) + " " + letter(index);
  }

  static String of(String question, String answer) {
    return QUESTION + question + answer(answer);
  }

  static String choice(String question, List<String> options, int right) {
    return QUESTION + question + "\n" + options(options) + answer(chosen(options, right));
  }

  static String steps(String question, List<String> steps, List<String> answers) {
    StringBuilder text = new StringBuilder(QUESTION + question);
    for (int i = 0; i < steps.size(); i++) {
      text.append(STEP).append(steps.get(i)).append(answer(answers.get(i)));
    }
    return text.append("\nSo the answer is ")
        .append(answers.get(answers.size() - 1))
        .append('.')
        .toString();
  }

  static String answer(String answer) {
    return ANSWER + " " + answer;
  }

  /** The line of options: {@code "Options: … A, … B"}. */
  static String options(List<String> options) {
    return IntStream.range(0, options.size())
        .mapToObj(i -> chosen(options, i))
        .collect(Collectors.joining(", ", "Options: ", ""));
  }
}
