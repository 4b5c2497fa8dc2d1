package org.alignment4j.examples.pareto;

/**
 * Sizes and rates of a run.
 *
 * @param seed of data, samples and training
 * @param pairs of each preference training
 * @param rank of the adapters
 * @param beta of DPO
 * @param rate learning rate
 * @param requests held-out requests of each kind, at most
 * @param replyTokens most tokens of a reply
 * @param replies to each request
 * @param divisions steps from one model to the other
 */
public record SoupSettings(
    long seed,
    int pairs,
    int rank,
    double beta,
    double rate,
    int requests,
    int replyTokens,
    int replies,
    int divisions) {

  /** Checks what trainers and the study do not. */
  public SoupSettings {
    if (pairs < 1) {
      throw new IllegalArgumentException("pairs must be at least 1 but was " + pairs);
    }
    if (requests < 1) {
      throw new IllegalArgumentException("requests must be at least 1 but was " + requests);
    }
  }

  /**
   * Returns the settings of the program.
   *
   * @param seed of data, samples and training
   * @return the settings
   */
  public static SoupSettings defaults(long seed) {
    return new SoupSettings(seed, 800, 16, 0.1, 3e-4, 100, 48, 1, 10);
  }
}
