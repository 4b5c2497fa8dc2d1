package org.alignment4j.oversight.constitution;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * One revision of an answer.
 *
 * @param principle the id of the principle
 * @param critique what was found wrong with the answer before; empty when revised without critique
 * @param revision the answer now
 * @param changed whether it differs from the answer before
 * @param evasive whether it only refuses, as the refusal detector says
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RevisionStep(
    String principle, String critique, String revision, boolean changed, boolean evasive) {
  /** Checks that nothing is missing. */
  public RevisionStep {
    Objects.requireNonNull(principle, "principle");
    Objects.requireNonNull(critique, "critique");
    Objects.requireNonNull(revision, "revision");
  }
}
