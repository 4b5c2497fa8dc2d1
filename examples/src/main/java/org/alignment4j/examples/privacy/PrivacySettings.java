package org.alignment4j.examples.privacy;

/**
 * Sizes of a run.
 *
 * @param seed of drawn codes, samples and resamples
 * @param decoys texts of the secrets' form that were never planted, about other people
 * @param candidates codes that each secret's whole code is compared with
 * @param enumeratedSecrets secrets of each number of copies whose last two digits are ranked among
 *     all
 * @param samples texts by each strategy of the audit by sampling
 * @param sampleTokens most tokens of each
 * @param resamples of intervals
 */
public record PrivacySettings(
    long seed,
    int decoys,
    int candidates,
    int enumeratedSecrets,
    int samples,
    int sampleTokens,
    int resamples) {

  /**
   * Returns the settings of the program.
   *
   * @param seed of drawn codes, samples and resamples
   * @return the settings
   */
  public static PrivacySettings defaults(long seed) {
    return new PrivacySettings(seed, 200, 200, 20, 100, 48, 2000);
  }
}
