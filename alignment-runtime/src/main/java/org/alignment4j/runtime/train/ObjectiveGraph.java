package org.alignment4j.runtime.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The emitted part of an {@link Objective}.
 *
 * @param loss a scalar, already divided by the weight of the whole accumulated batch, so that the
 *     losses of the micro-batches sum to that of the batch
 * @param metrics values of any shape to fetch after each micro-batch, by name; a step's figure is
 *     the mean over all elements of all its micro-batches
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ObjectiveGraph(Value loss, Map<String, Value> metrics) {

  public ObjectiveGraph {
    if (loss.rank() != 0) {
      throw new IllegalArgumentException("loss must be a scalar but was " + loss);
    }
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
