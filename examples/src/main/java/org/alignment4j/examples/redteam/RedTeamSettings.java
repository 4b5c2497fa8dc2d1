package org.alignment4j.examples.redteam;

/**
 * Sizes of the job.
 *
 * @param targets goals of the searches
 * @param steps most steps of a search
 * @param width candidates of a step
 * @param topK tokens considered for a position
 * @param slots tokens searched
 * @param seed of goals and searches
 */
public record RedTeamSettings(int targets, int steps, int width, int topK, int slots, long seed) {

  /** Checks that nothing is empty. */
  public RedTeamSettings {
    if (targets < 1 || steps < 1 || width < 1 || topK < 1 || slots < 1) {
      throw new IllegalArgumentException(
          "targets, steps, width, topK and slots must be at least 1 but were "
              + targets
              + ", "
              + steps
              + ", "
              + width
              + ", "
              + topK
              + " and "
              + slots);
    }
  }
}
