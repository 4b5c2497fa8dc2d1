package org.alignment4j.interp.edit;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How MEMIT edits.
 *
 * @param layers whose MLPs are edited, ascending; the state after the last of them is what is
 *     searched
 * @param lambda weight of the corpus's keys against the facts', not negative; 15 000 to 20 000 in
 *     the paper
 * @param search how states are searched
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MemitOptions(List<Integer> layers, double lambda, ValueSearchOptions search) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no layer, layers do not ascend from 0, or lambda
   *     is negative or not finite
   */
  public MemitOptions {
    layers = List.copyOf(layers);
    Objects.requireNonNull(search, "search");
    int before = -1;
    for (int layer : layers) {
      if (layer <= before) {
        throw new IllegalArgumentException("layers must ascend from 0 but were " + layers);
      }
      before = layer;
    }
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("layers must name at least one but were none");
    }
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException("lambda must not be negative but was " + lambda);
    }
  }

  /**
   * The published search.
   *
   * @param layers whose MLPs are edited, ascending
   * @param lambda weight of the corpus's keys
   * @return the options
   * @throws IllegalArgumentException as the constructor does
   */
  public static MemitOptions of(List<Integer> layers, double lambda) {
    return new MemitOptions(layers, lambda, ValueSearchOptions.memit());
  }

  /** Returns the last of the layers. */
  public int lastLayer() {
    return layers.get(layers.size() - 1);
  }
}
