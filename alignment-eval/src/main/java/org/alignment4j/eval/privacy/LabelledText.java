package org.alignment4j.eval.privacy;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A text of which is known whether a model was trained on it.
 *
 * @param id names it in results
 * @param text the text, not blank
 * @param member whether the model was trained on it
 * @param group what figures are given by, such as how often it was repeated or how long it is; may
 *     be empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LabelledText(String id, String text, boolean member, String group) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when id or text are blank
   */
  public LabelledText {
    Objects.requireNonNull(group, "group");
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank");
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("text must not be blank but that of '" + id + "' is");
    }
  }
}
