package org.alignment4j.rlhf.synthetic;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * Drops pairs whose better answer is much shorter.
 *
 * @param leastRatio least words of the better answer for each word of the worse
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LengthFilter(double leastRatio) implements PairFilter {

  /**
   * Checks the ratio.
   *
   * @throws IllegalArgumentException when it is negative or not finite
   */
  public LengthFilter {
    if (!(leastRatio >= 0) || Double.isInfinite(leastRatio)) {
      throw new IllegalArgumentException(
          "leastRatio must be finite and not negative but was " + leastRatio);
    }
  }

  @Override
  public String reason() {
    return "better answer much shorter";
  }

  @Override
  public List<Boolean> keeps(List<SyntheticPair> pairs, CancellationToken cancellation) {
    return pairs.stream()
        .map(p -> words(p.better().text()) >= leastRatio * words(p.worse().text()))
        .toList();
  }

  private static int words(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() ? 0 : stripped.split("\\s+").length;
  }
}
