package org.alignment4j.api.model;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * One step of a completion under way.
 *
 * @param prompt index of the prompt in the call
 * @param index index of the token in its completion
 * @param id the token's id; empty when the model does not disclose ids
 * @param text the text that became certain with this token; empty while a character is incomplete
 *     or a stop string may be forming; the concatenation over a completion is its text
 * @param logProb the token's log-probability; empty when not disclosed
 */
@API(status = API.Status.STABLE, since = "0.1")
public record StreamedToken(
    int prompt, int index, OptionalInt id, String text, OptionalDouble logProb) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when an index is negative
   */
  public StreamedToken {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(logProb, "logProb");
    if (prompt < 0 || index < 0) {
      throw new IllegalArgumentException(
          "prompt and index must not be negative but were " + prompt + " and " + index);
    }
  }
}
