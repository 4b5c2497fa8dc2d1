package org.alignment4j.oversight.market;

import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A statement that is true or false. Which of them is known to studies alone: no view holds it.
 *
 * @param id names it; unique within a run
 * @param text the statement
 * @param truth whether it is true; empty when unknown
 * @param cluster names what claims share that are not independent, such as their source text
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Claim(String id, String text, Optional<Boolean> truth, String cluster) {

  /**
   * Checks that nothing is missing.
   *
   * @throws IllegalArgumentException if the id or the text is blank
   */
  public Claim {
    Objects.requireNonNull(truth, "truth");
    Objects.requireNonNull(cluster, "cluster");
    if (id.isBlank() || text.isBlank()) {
      throw new IllegalArgumentException(
          "a claim's id and text must not be blank but were '" + id + "' and '" + text + "'");
    }
  }

  /** Returns a claim of known truth, a cluster of its own. */
  public static Claim of(String id, String text, boolean truth) {
    return new Claim(id, text, Optional.of(truth), id);
  }
}
