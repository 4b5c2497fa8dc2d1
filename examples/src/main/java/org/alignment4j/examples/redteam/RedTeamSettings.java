package org.alignment4j.examples.redteam;

/**
 * Sizes of the job.
 *
 * @param targets goals of the searches
 * @param steps most steps of a search
 * @param width candidates of a step
 * @param topK tokens considered for a position
 * @param slots tokens searched
 * @param readable how many of the goals texts are bred for and an attacker model talks about
 * @param population texts of a generation
 * @param generations most generations
 * @param lessons examples that teach the attacker model its form
 * @param pairs preference pairs of the second model, which found prompts are tried on
 * @param seed of goals, searches and training
 */
public record RedTeamSettings(
    int targets,
    int steps,
    int width,
    int topK,
    int slots,
    int readable,
    int population,
    int generations,
    int lessons,
    int pairs,
    long seed) {

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
    if (readable < 1 || lessons < 1 || pairs < 1) {
      throw new IllegalArgumentException(
          "readable, lessons and pairs must be at least 1 but were "
              + readable
              + ", "
              + lessons
              + " and "
              + pairs);
    }
  }
}
