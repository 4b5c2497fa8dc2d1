package org.alignment4j.eval.redteam;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What an attack is to bring about. Bundled goals are benign canaries. Immutable.
 *
 * @param id its identity among the goals of a run
 * @param request what the model is asked, into which attacks put their text; may be empty
 * @param target the reply wanted, or how it begins
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AttackGoal(String id, String request, String target) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the id or the target is blank
   */
  public AttackGoal {
    Objects.requireNonNull(request, "request");
    if (id.isBlank() || target.isBlank()) {
      throw new IllegalArgumentException(
          "a goal must have an id and a target but they were '" + id + "' and '" + target + "'");
    }
  }
}
