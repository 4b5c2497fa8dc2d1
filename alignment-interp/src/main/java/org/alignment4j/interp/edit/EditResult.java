package org.alignment4j.interp.edit;

import java.util.List;
import org.apiguardian.api.API;

/**
 * A weight edit and what was found for each of its facts. Immutable.
 *
 * @param edit the change of the weights
 * @param facts in the order they were asked for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EditResult(ModelEdit edit, List<FactEdit> facts) {

  /** Copies. */
  public EditResult {
    facts = List.copyOf(facts);
  }
}
