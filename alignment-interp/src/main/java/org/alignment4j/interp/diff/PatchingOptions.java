package org.alignment4j.interp.diff;

import java.util.Objects;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.RandomDraws;
import org.apiguardian.api.API;

/**
 * How shares of a behaviour are measured.
 *
 * @param bootstrap intervals over prompts
 * @param draws random changes that a part is compared with, of each kind; 0 for none
 * @param compared how many parts, those of the greatest shares, are compared with random changes
 * @param seed of the random changes, and of which prompts a search chooses on
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PatchingOptions(Bootstrap bootstrap, int draws, int compared, long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a number is negative, or draws are too few for the
   *     bootstrap's confidence
   */
  public PatchingOptions {
    Objects.requireNonNull(bootstrap, "bootstrap");
    if (draws < 0 || compared < 0) {
      throw new IllegalArgumentException(
          "draws and compared must not be negative but were " + draws + " and " + compared);
    }
    if (draws > 0) {
      RandomDraws.requireEnough(draws, bootstrap.confidence(), "draws");
    }
  }

  /**
   * Two thousand resamples, 95 %; three parts compared with nineteen random changes of each kind.
   */
  public static PatchingOptions seeded(long seed) {
    return new PatchingOptions(Bootstrap.seeded(seed), 19, 3, seed);
  }
}
