package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Classifier-free guidance (Sanchez et al. 2023, equation 7): each next token's score is {@code log
 * p(token | negative) + scale · (log p(token | prompt) - log p(token | negative))}, before any
 * other transform.
 *
 * @param negative what the completion is led away from; it is followed by the same completion as
 *     the prompt
 * @param scale 1 is the prompt alone, 0 the negative prompt alone, above 1 exaggerates their
 *     difference; finite
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Guidance(Prompt negative, double scale) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the scale is not finite
   */
  public Guidance {
    Objects.requireNonNull(negative, "negative");
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale must be finite but was " + scale);
    }
  }
}
