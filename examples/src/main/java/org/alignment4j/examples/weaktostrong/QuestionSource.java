package org.alignment4j.examples.weaktostrong;

import java.util.List;
import org.alignment4j.oversight.weaktostrong.KnownAnswer;

/**
 * Questions of two classes about the pocket world; those to learn and those of the test share no
 * source.
 */
interface QuestionSource {

  /**
   * Questions to learn from.
   *
   * @throws IllegalArgumentException if the world has fewer
   */
  List<KnownAnswer> training(int count);

  /**
   * Questions of the test.
   *
   * @throws IllegalArgumentException if the world has fewer
   */
  List<KnownAnswer> test(int count);

  /** What a language model goes on with where an answer is of the good class, and where not. */
  List<String> words();
}
