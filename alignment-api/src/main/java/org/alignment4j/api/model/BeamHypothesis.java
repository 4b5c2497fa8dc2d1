package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A hypothesis that beam search found.
 *
 * @param completion the text and tokens, with the log-probabilities whose sum was searched and
 *     those of the model before penalties
 * @param score the sum of log-probabilities divided by the length to the power of the length
 *     penalty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BeamHypothesis(Completion completion, double score) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the score is NaN
   */
  public BeamHypothesis {
    Objects.requireNonNull(completion, "completion");
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("score must be a number but was NaN");
    }
  }
}
