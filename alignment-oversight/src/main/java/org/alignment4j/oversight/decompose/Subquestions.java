package org.alignment4j.oversight.decompose;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * The subquestions of a reply.
 *
 * @param kept those to answer, in order
 * @param dropped how many were copies of a question above
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Subquestions(List<String> kept, int dropped) {
  /** No subquestions. */
  public static final Subquestions NONE = new Subquestions(List.of(), 0);

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public Subquestions {
    kept = List.copyOf(Objects.requireNonNull(kept, "kept"));
    if (dropped < 0) {
      throw new IllegalArgumentException("dropped must not be negative but was " + dropped);
    }
  }
}
