package org.alignment4j.interp.fact;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A fact and the answer that a model is to give instead, as in CounterFact (Meng et al. 2022,
 * section 3.4). Immutable.
 *
 * @param fact the fact, its target the true answer
 * @param newTarget the answer to be given instead, without the space before it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CounterFact(Fact fact, String newTarget) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the new answer is blank or the true one
   */
  public CounterFact {
    Objects.requireNonNull(fact, "fact");
    if (newTarget.isBlank() || newTarget.strip().equals(fact.target().strip())) {
      throw new IllegalArgumentException(
          "the new target of fact "
              + fact.id()
              + " must be a text other than the true target '"
              + fact.target()
              + "' but was '"
              + newTarget
              + "'");
    }
  }
}
