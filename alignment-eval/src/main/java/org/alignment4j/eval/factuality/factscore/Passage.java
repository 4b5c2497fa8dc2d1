package org.alignment4j.eval.factuality.factscore;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A piece of knowledge.
 *
 * @param title what it is about, such as the title of an encyclopedia's page
 * @param text what it says
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Passage(String title, String text) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the text is blank
   */
  public Passage {
    Objects.requireNonNull(title, "title");
    if (text.isBlank()) {
      throw new IllegalArgumentException("text of a passage must not be blank");
    }
  }
}
