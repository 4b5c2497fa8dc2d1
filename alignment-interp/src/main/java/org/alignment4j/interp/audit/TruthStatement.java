package org.alignment4j.interp.audit;

import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * A statement whose truth is known.
 *
 * @param tokens the statement, read at its last token
 * @param truth whether it is true
 * @param topic what it is about, such as {@code cities}: probes are tested on topics they were not
 *     fitted on
 * @param group statements of one topic and group are nearly the same, such as the true and the
 *     false one about one city, and are never divided between fitting and testing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TruthStatement(TokenIds tokens, boolean truth, String topic, String group) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no token or the topic is blank
   */
  public TruthStatement {
    Objects.requireNonNull(group, "group");
    if (tokens.isEmpty() || topic.isBlank()) {
      throw new IllegalArgumentException(
          "a statement must have a token and a topic but had "
              + tokens.size()
              + " tokens and the topic '"
              + topic
              + "'");
    }
  }
}
