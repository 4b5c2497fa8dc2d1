package org.alignment4j.examples.sentiment;

/**
 * DPO on fresh replies that the reward model ranked.
 *
 * @param rankedReplies fresh replies to each training prompt that the reward model ranks
 * @param pairs pairs taken from each prompt's ranked replies: best and worst, second best and
 *     second worst, and so on
 * @param beta the higher, the nearer the tuned model stays to the base
 * @param epochs passes over the pairs
 * @param rate learning rate
 */
public record PreferenceSettings(int rankedReplies, int pairs, double beta, int epochs, double rate)
    implements TuningSettings {

  /** Checks what the trainer does not. */
  public PreferenceSettings {
    SentimentSettings.requireAtLeast("rankedReplies", rankedReplies, 2);
    SentimentSettings.requireAtLeast("pairs", pairs, 1);
  }

  /**
   * Returns the settings of the program.
   *
   * @param beta of DPO
   * @return the settings
   */
  public static PreferenceSettings defaults(double beta) {
    return new PreferenceSettings(8, 2, beta, 1, 1e-4);
  }

  @Override
  public String method() {
    return "DPO";
  }
}
