package org.alignment4j.eval.inner;

import org.apiguardian.api.API;

/**
 * What a model is told about a conversation before a request.
 *
 * @param condition what is compared, such as {@code observed}; several wordings share one
 * @param text what the model is told
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Framing(String condition, String text) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is blank
   */
  public Framing {
    if (condition.isBlank() || text.isBlank()) {
      throw new IllegalArgumentException(
          "condition and text must not be blank but were '" + condition + "' and '" + text + "'");
    }
  }
}
