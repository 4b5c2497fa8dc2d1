package org.alignment4j.eval.inner.failure;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A failure of a trained system.
 *
 * @param id its identity
 * @param title a few words
 * @param transcript what was intended, what happened
 * @param observations situations in which it failed, at least one
 * @param label what the source takes it for
 * @param citation where it is documented
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FailureCase(
    String id,
    String title,
    String transcript,
    List<FailureObservation> observations,
    FailureCause label,
    String citation) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when the id is blank or there is no observation
   */
  public FailureCase {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(transcript, "transcript");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(citation, "citation");
    observations = List.copyOf(observations);
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank");
    }
    if (observations.isEmpty()) {
      throw new IllegalArgumentException("case '" + id + "' must have an observation but has none");
    }
  }
}
