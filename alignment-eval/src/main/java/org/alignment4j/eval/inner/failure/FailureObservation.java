package org.alignment4j.eval.inner.failure;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * One situation in which a model failed.
 *
 * @param inTraining whether the situation is one of the training distribution
 * @param evidence what is known of the objective's scores there
 * @param source what the evidence rests on, in a sentence
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FailureObservation(boolean inTraining, ObjectiveEvidence evidence, String source) {

  /** Checks that nothing is missing. */
  public FailureObservation {
    Objects.requireNonNull(evidence, "evidence");
    Objects.requireNonNull(source, "source");
  }
}
