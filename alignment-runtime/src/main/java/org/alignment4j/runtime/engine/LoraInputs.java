package org.alignment4j.runtime.engine;

import java.util.List;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.WeightTensor;

/**
 * Low-rank adapters as inputs of a graph.
 *
 * @param targets names of the adapted linear weights
 * @param tensors A and B of every target, under the names the graph gives them
 * @param scale factor on their product
 */
public record LoraInputs(Set<String> targets, List<WeightTensor> tensors, double scale) {

  public LoraInputs {
    targets = Set.copyOf(targets);
    tensors = List.copyOf(tensors);
  }

  /** No adapters. */
  public static LoraInputs none() {
    return new LoraInputs(Set.of(), List.of(), 1);
  }
}
