package org.alignment4j.interp.edit;

import java.util.List;

/**
 * A weight edit and what was found for each of its facts. Immutable.
 *
 * @param edit the change of the weights
 * @param facts in the order they were asked for
 */
public record EditResult(ModelEdit edit, List<FactEdit> facts) {

  /** Copies. */
  public EditResult {
    facts = List.copyOf(facts);
  }
}
