package org.alignment4j.examples.oversee;

/**
 * What is fixed before anything is measured.
 *
 * @param seed where all random numbers start
 * @param debaters how many debaters are trained, each with a seed of its own
 * @param first index of the first of the world's passages that is judged
 * @param questions how many questions are judged
 * @param trainingPassages how many passages a debater learns to argue from; none of them is judged
 * @param rounds rounds of a debate; a consultant has twice as many, so that both make as many calls
 * @param temperature of debaters and consultant
 * @param learningRate of the debaters' training
 */
public record OverseeSettings(
    long seed,
    int debaters,
    int first,
    int questions,
    int trainingPassages,
    int rounds,
    double temperature,
    double learningRate) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1 or the index negative
   */
  public OverseeSettings {
    if (first < 0) {
      throw new IllegalArgumentException("first must not be negative but was " + first);
    }
    if (debaters < 1 || questions < 2 || trainingPassages < 1 || rounds < 1) {
      throw new IllegalArgumentException(
          "debaters, trainingPassages and rounds must be at least 1 and questions at least 2 but"
              + " they were "
              + debaters
              + ", "
              + trainingPassages
              + ", "
              + rounds
              + " and "
              + questions);
    }
  }

  /** Returns 300 questions and three debaters, who learn from 2000 other passages. */
  public static OverseeSettings defaults(long seed) {
    return new OverseeSettings(seed, 3, 0, 300, 2000, 2, 0.4, 5e-4);
  }

  /** Returns these settings with another number of questions. */
  public OverseeSettings withQuestions(int count) {
    return new OverseeSettings(
        seed, debaters, first, count, trainingPassages, rounds, temperature, learningRate);
  }

  /** Returns these settings with questions about other passages of the world. */
  public OverseeSettings withFirst(int index) {
    return new OverseeSettings(
        seed, debaters, index, questions, trainingPassages, rounds, temperature, learningRate);
  }

  /** Returns these settings with another number of debaters. */
  public OverseeSettings withDebaters(int count) {
    return new OverseeSettings(
        seed, count, first, questions, trainingPassages, rounds, temperature, learningRate);
  }
}
