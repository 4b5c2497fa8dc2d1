package org.alignment4j.oversight.quote;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A quote and what the check found.
 *
 * @param text what was quoted
 * @param verified whether it stands in the source word for word
 * @param similarity the share of its word 3-grams that the source has, from 0 to 1; of a shorter
 *     quote 1 or 0
 * @param words how many words it has
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Quote(String text, boolean verified, double similarity, int words) {
  private static final int LONG = 7;

  /** Checks that nothing is missing. */
  public Quote {
    Objects.requireNonNull(text, "text");
  }

  /** Whether it was made up: nothing of it stands in the source and it has more than 7 words. */
  public boolean fake() {
    return similarity == 0 && words > LONG;
  }
}
