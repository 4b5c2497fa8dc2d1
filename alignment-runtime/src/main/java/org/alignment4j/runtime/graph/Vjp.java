package org.alignment4j.runtime.graph;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vector-Jacobian product of one recorded operation: given the loss's gradients with respect to
 * the outputs, contributes those with respect to the inputs.
 */
@FunctionalInterface
interface Vjp {

  /**
   * Emits the gradient nodes.
   *
   * @param outputGradients one per output, null where nothing depends on it
   * @param sink takes the inputs' gradients
   */
  void apply(List<@Nullable Value> outputGradients, GradientSink sink);
}
