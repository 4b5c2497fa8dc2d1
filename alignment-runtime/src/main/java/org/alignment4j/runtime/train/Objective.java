package org.alignment4j.runtime.train;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a training run minimises: a scalar function of what the model's head gives, emitted into the
 * graph. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Objective {

  /**
   * Identifies the graph: objectives of equal keys emit equal graphs.
   *
   * @return a value with {@code equals} and {@code hashCode}, such as a record of the settings,
   *     whose {@code toString} is the same in every process; a run is resumed only where it is
   */
  Object key();

  /**
   * Emits the loss. Further inputs are declared by {@code ops.graph().parameter(name, shape,
   * false)} and fed by {@link MicroBatch#inputs()}.
   *
   * @param ops emits into the graph
   * @param outputs log-probability of each label, {@code [rows]}; of a sequence classifier the
   *     scores, {@code [rows, labels]}
   * @return the loss and what else is to be fetched
   */
  ObjectiveGraph build(Ops ops, Value outputs);

  /**
   * Emits a loss that depends on more of the head's distribution than its labels.
   *
   * @param ops emits into a graph
   * @param outputs as in {@link #build(Ops, Value)}
   * @param head what else the head gives
   * @return the loss and what else is to be fetched
   */
  default ObjectiveGraph build(Ops ops, Value outputs, HeadValues head) {
    return build(ops, outputs);
  }

  /**
   * Returns what divides the logits before the log-probabilities of labels are taken, as a
   * sampler's temperature does. It is part of the {@link #key()}.
   *
   * @return positive; 1 for the model's own distribution
   */
  default double temperature() {
    return 1;
  }
}
