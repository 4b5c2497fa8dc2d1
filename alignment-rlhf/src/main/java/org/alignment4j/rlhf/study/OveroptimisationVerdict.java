package org.alignment4j.rlhf.study;

import org.apiguardian.api.API;

/** What a fitted curve says of overoptimisation. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum OveroptimisationVerdict {
  /** The reward rises and falls, and the peak is among the distances that were measured. */
  PEAK_OBSERVED("peak observed"),
  /** The curve falls somewhere (β > 0), but its peak lies outside what was measured. */
  EXTRAPOLATED("peak extrapolated"),
  /** The curve falls from the start (α ≤ 0 and β > 0). */
  FALLS_AT_ONCE("falls at once"),
  /** The curve does not fall (β ≤ 0). */
  NOT_OBSERVED("no overoptimisation observed");

  private final String text;

  OveroptimisationVerdict(String text) {
    this.text = text;
  }

  /**
   * Returns the verdict in words.
   *
   * @return such as {@code no overoptimisation observed}
   */
  public String text() {
    return text;
  }
}
