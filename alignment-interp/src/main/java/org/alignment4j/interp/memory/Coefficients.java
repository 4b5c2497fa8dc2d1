package org.alignment4j.interp.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selectors;
import org.alignment4j.api.hook.Values;
import org.apiguardian.api.API;

/** Sets how strongly values are added (Geva et al. 2022, section 6.1). Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Coefficients {

  private Coefficients() {}

  /**
   * Sets neurons after activation and gating, at every position: {@code
   * model.with(Coefficients.set(layer, coefficients))}.
   *
   * @param layer the layer, from 0
   * @param coefficients the new activation by neuron; no intervention where there is none
   * @throws IllegalArgumentException if the layer is negative or a coefficient not finite
   */
  public static List<Intervention<?>> set(int layer, Map<Integer, Float> coefficients) {
    Map<Float, TreeSet<Integer>> byValue = new TreeMap<>();
    coefficients.forEach(
        (neuron, coefficient) -> {
          if (!Float.isFinite(coefficient)) {
            throw new IllegalArgumentException(
                "coefficients must be finite but that of neuron " + neuron + " was " + coefficient);
          }
          byValue.computeIfAbsent(coefficient, c -> new TreeSet<>()).add(neuron);
        });
    List<Intervention<?>> all = new ArrayList<>();
    byValue.forEach(
        (coefficient, neurons) ->
            all.add(
                Edits.replace(
                    HookPoints.mlpPost(layer),
                    Values.scalar(coefficient),
                    Selectors.neuron(neurons.stream().mapToInt(Integer::intValue).toArray()))));
    return all;
  }
}
