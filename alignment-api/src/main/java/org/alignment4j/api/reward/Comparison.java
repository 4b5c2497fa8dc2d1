package org.alignment4j.api.reward;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * Two answers to a prompt, waiting for a preference.
 *
 * @param prompt what was asked
 * @param first one answer
 * @param second the other answer
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Comparison(Prompt prompt, String first, String second) {

  /** Checks that nothing is missing. */
  public Comparison {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
  }
}
