package org.alignment4j.interp.neuron;

import java.util.Comparator;
import org.apiguardian.api.API;

/**
 * A neuron of a layer's MLP, as {@code hook_post} numbers them.
 *
 * @param layer the layer, from 0
 * @param index the neuron, from 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Neuron(int layer, int index) implements Comparable<Neuron> {

  private static final Comparator<Neuron> ORDER =
      Comparator.comparingInt(Neuron::layer).thenComparingInt(Neuron::index);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is negative
   */
  public Neuron {
    if (layer < 0 || index < 0) {
      throw new IllegalArgumentException(
          "layer and index must not be negative but were " + layer + " and " + index);
    }
  }

  @Override
  public int compareTo(Neuron other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "L" + layer + "N" + index;
  }
}
