package org.alignment4j.interp.neuron;

import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.Selectors.neuron;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.api.hook.Selector;
import org.apiguardian.api.API;

/**
 * Neurons held down or turned up while a model runs (Dai et al. 2022, section 4.3): interventions
 * at {@code hook_post}, for a run or, by {@code model.with(...)}, for every call of a model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NeuronInterventions {

  private NeuronInterventions() {}

  /**
   * Sets neurons to zero.
   *
   * @param neurons which; none for no intervention
   * @param where at which positions; none for all
   * @return one intervention for each layer concerned
   */
  @SafeVarargs
  public static List<Intervention<?>> suppress(
      Collection<Neuron> neurons, Selector<Axes.Positions>... where) {
    return at(neurons, new Edit.Zero(), List.of(where));
  }

  /**
   * Multiplies neurons.
   *
   * @param neurons which; none for no intervention
   * @param factor what by, 2 in the paper
   * @param where at which positions; none for all
   * @return one intervention for each layer concerned
   * @throws IllegalArgumentException when the factor is not finite
   */
  @SafeVarargs
  public static List<Intervention<?>> amplify(
      Collection<Neuron> neurons, double factor, Selector<Axes.Positions>... where) {
    return at(neurons, new Edit.Scale(factor), List.of(where));
  }

  private static List<Intervention<?>> at(
      Collection<Neuron> neurons, Edit edit, List<Selector<Axes.Positions>> where) {
    TreeMap<Integer, TreeSet<Integer>> byLayer = new TreeMap<>();
    for (Neuron one : neurons) {
      byLayer.computeIfAbsent(one.layer(), layer -> new TreeSet<>()).add(one.index());
    }
    List<Intervention<?>> interventions = new ArrayList<>();
    byLayer.forEach(
        (layer, indices) -> {
          List<Selector<?>> selectors = new ArrayList<>(where);
          selectors.add(neuron(indices.stream().mapToInt(Integer::intValue).toArray()));
          interventions.add(new Intervention<>(mlpPost(layer), new Selection(selectors), edit));
        });
    return interventions;
  }
}
