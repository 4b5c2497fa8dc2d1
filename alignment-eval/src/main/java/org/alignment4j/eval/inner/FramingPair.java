package org.alignment4j.eval.inner;

import org.apiguardian.api.API;

/**
 * Two framings that differ in what is compared and in as little else as possible.
 *
 * @param first the one framing
 * @param second the other
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FramingPair(Framing first, Framing second) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when both have one condition
   */
  public FramingPair {
    if (first.condition().equals(second.condition())) {
      throw new IllegalArgumentException(
          "the framings of a pair must have different conditions but both have '"
              + first.condition()
              + "'");
    }
  }
}
