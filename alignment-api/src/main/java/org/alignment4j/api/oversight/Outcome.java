package org.alignment4j.api.oversight;

import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a protocol came to on one question.
 *
 * @param verdict the result
 * @param transcript how it came about
 * @param usage what all roles cost together, attempts thrown away included
 * @param incomplete why the protocol stopped early, such as {@code budget: tokens}; empty when it
 *     did not
 * @param <V> the kind of result, such as {@link Verdict}
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Outcome<V>(V verdict, Transcript transcript, Usage usage, String incomplete) {

  /** Checks that nothing is missing. */
  public Outcome {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(transcript, "transcript");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(incomplete, "incomplete");
  }

  /**
   * Returns whether the protocol ran to its end.
   *
   * @return true when nothing stopped it early
   */
  public boolean complete() {
    return incomplete.isEmpty();
  }
}
