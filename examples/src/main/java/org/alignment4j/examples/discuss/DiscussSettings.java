package org.alignment4j.examples.discuss;

/**
 * What is fixed before anything is measured.
 *
 * @param seed where all random numbers start
 * @param questions how many of the world's held-out questions are asked
 * @param draws how often each is asked, every time with other random numbers
 * @param agents copies of the model in a debate
 * @param rounds how often each answers, the first answer included
 * @param temperature of all answers
 */
public record DiscussSettings(
    long seed, int questions, int draws, int agents, int rounds, double temperature) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if questions are fewer than 2 or another count is below 1
   */
  public DiscussSettings {
    if (questions < 2 || draws < 1 || agents < 1 || rounds < 1) {
      throw new IllegalArgumentException(
          "questions must be at least 2 and draws, agents and rounds at least 1 but they were "
              + questions
              + ", "
              + draws
              + ", "
              + agents
              + " and "
              + rounds);
    }
  }

  /** Returns 200 questions, three draws, and the authors' three agents and two rounds. */
  public static DiscussSettings defaults(long seed) {
    return new DiscussSettings(seed, 200, 3, 3, 2, 1);
  }

  /** Returns these settings with another number of questions. */
  public DiscussSettings withQuestions(int count) {
    return new DiscussSettings(seed, count, draws, agents, rounds, temperature);
  }
}
