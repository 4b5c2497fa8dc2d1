package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.List;

/** Builds questions with their truth. */
final class Questions {
  static final int OPTIONS = 4;

  private static final int WRONG_OPTIONS = OPTIONS - 1;

  private Questions() {}

  static Question of(Fact fact, String text, RandomStream random) {
    List<String> wrong = new ArrayList<>(List.of(fact.misconception()));
    while (wrong.size() < WRONG_OPTIONS) {
      String option = random.pick(fact.relation().domain());
      if (!option.equals(fact.value()) && !wrong.contains(option)) {
        wrong.add(option);
      }
    }
    return new Question(text, fact, List.of(fact.value()), wrong);
  }

  /** The right value and the wrong ones in random order. */
  static List<String> options(Question question, RandomStream random) {
    List<String> options = new ArrayList<>(question.wrongOptions());
    options.addAll(question.acceptedAnswers());
    return random.shuffled(options);
  }
}
