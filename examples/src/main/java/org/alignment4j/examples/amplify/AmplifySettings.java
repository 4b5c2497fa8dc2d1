package org.alignment4j.examples.amplify;

/**
 * What is fixed before anything is measured.
 *
 * @param seed where all random numbers start
 * @param newPeople how many people no question to learn is about; of them all questions are asked
 * @param knownPeople how many people's questions are learnt but one each, which is asked
 * @param lessons how many questions about others are learnt
 * @param comparisons how many comparisons of two people are asked, and twice as many learnt
 * @param epochs of every training
 * @param learningRate of every training
 */
public record AmplifySettings(
    long seed,
    int newPeople,
    int knownPeople,
    int lessons,
    int comparisons,
    int epochs,
    double learningRate) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 2 or less than 1 for epochs
   */
  public AmplifySettings {
    if (newPeople < 2 || knownPeople < 2 || lessons < 2 || comparisons < 2 || epochs < 1) {
      throw new IllegalArgumentException(
          "newPeople, knownPeople, lessons and comparisons must be at least 2 and epochs at least 1"
              + " but they were "
              + newPeople
              + ", "
              + knownPeople
              + ", "
              + lessons
              + ", "
              + comparisons
              + " and "
              + epochs);
    }
  }

  /** Returns the settings of the figures that are shown. */
  public static AmplifySettings defaults(long seed) {
    return new AmplifySettings(seed, 44, 80, 240, 60, 5, 3e-4);
  }
}
