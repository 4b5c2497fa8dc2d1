package org.alignment4j.rlhf.policy;

import java.util.List;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a value loss sees of a micro-batch, {@code [rows]} each. Only {@code values} carries a
 * gradient.
 *
 * @param values values under the model that is trained
 * @param old those under the model that gave the advantages
 * @param returns what values are to be
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ValueTokens(Value values, Value old, Value returns) {

  /**
   * Checks the ranks.
   *
   * @throws IllegalArgumentException when one is no vector
   */
  public ValueTokens {
    for (Value v : List.of(values, old, returns)) {
      if (v.rank() != 1) {
        throw new IllegalArgumentException("values must have the shape [rows] but one was " + v);
      }
    }
  }
}
