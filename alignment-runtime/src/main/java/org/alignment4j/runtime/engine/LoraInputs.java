package org.alignment4j.runtime.engine;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.runtime.checkpoint.WeightTensor;

/**
 * Low-rank adapters as inputs of a graph.
 *
 * @param targets names of the adapted linear weights
 * @param rescaled those of them whose outputs have gains (DoRA)
 * @param tensors A, B and scale of every target, and gains, under the names the graph gives them
 */
public record LoraInputs(Set<String> targets, Set<String> rescaled, List<WeightTensor> tensors) {

  public LoraInputs {
    targets = Set.copyOf(targets);
    rescaled = Set.copyOf(rescaled);
    tensors = List.copyOf(tensors);
  }

  /** No adapters. */
  public static LoraInputs none() {
    return new LoraInputs(Set.of(), Set.of(), List.of());
  }

  /** Names of the inputs. */
  Set<String> names() {
    return tensors.stream().map(WeightTensor::name).collect(Collectors.toUnmodifiableSet());
  }
}
