package org.alignment4j.eval.factuality.factscore;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An answer to be checked.
 *
 * @param topic what it is about
 * @param text what was said; may be empty, which is no answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LongAnswer(String topic, String text) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the topic is blank
   */
  public LongAnswer {
    Objects.requireNonNull(text, "text");
    if (topic.isBlank()) {
      throw new IllegalArgumentException("topic must not be blank");
    }
  }
}
