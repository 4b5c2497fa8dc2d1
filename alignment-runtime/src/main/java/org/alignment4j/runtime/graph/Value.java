package org.alignment4j.runtime.graph;

/**
 * A named tensor of a graph.
 *
 * @param name unique within its graph
 * @param type element type
 * @param shape dimensions
 * @param requiresGrad whether a trainable value reaches it; gradients flow only through such values
 */
public record Value(String name, ElementType type, Shape shape, boolean requiresGrad) {

  /** Number of dimensions. */
  public int rank() {
    return shape.rank();
  }

  /** The dimension at an axis; negative axes count from the end. */
  public Dim dim(int axis) {
    return shape.dim(axis);
  }
}
