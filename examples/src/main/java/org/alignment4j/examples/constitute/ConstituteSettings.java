package org.alignment4j.examples.constitute;

/**
 * What is fixed before anything is measured.
 *
 * @param seed where all random numbers start
 * @param lessons how many harmful requests, and as many borderline and half as many plain ones, the
 *     supervisor's lessons are about
 * @param chains how many harmful requests, and as many borderline and half as many plain ones,
 *     answers are revised to
 * @param revisions how often each answer is revised
 * @param questions how many questions are answered for supervised fine-tuning, twice each
 * @param pairs how many harmful requests, and as many borderline and half as many plain ones, two
 *     answers are compared to
 * @param items most questions and most requests of each kind that models are measured on
 */
public record ConstituteSettings(
    long seed, int lessons, int chains, int revisions, int questions, int pairs, int items) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a count is less than 1, or one of requests less than 2
   */
  public ConstituteSettings {
    if (lessons < 2 || chains < 2 || pairs < 2) {
      throw new IllegalArgumentException(
          "lessons, chains and pairs must be at least 2 but were "
              + lessons
              + ", "
              + chains
              + " and "
              + pairs);
    }
    if (revisions < 1 || questions < 1 || items < 1) {
      throw new IllegalArgumentException(
          "revisions, questions and items must be at least 1 but were "
              + revisions
              + ", "
              + questions
              + " and "
              + items);
    }
  }

  /** Returns the usual sizes. */
  public static ConstituteSettings defaults(long seed) {
    return new ConstituteSettings(seed, 120, 80, 4, 100, 120, 200);
  }
}
