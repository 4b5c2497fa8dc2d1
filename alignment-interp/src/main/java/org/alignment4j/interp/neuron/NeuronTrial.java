package org.alignment4j.interp.neuron;

import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.alignment4j.interp.fact.Cloze;
import org.apiguardian.api.API;

/**
 * An answer and the neurons to be changed while a model gives it. Immutable.
 *
 * @param cloze prompt and answer
 * @param neurons which neurons; may be empty, then nothing changes
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronTrial(Cloze cloze, Set<Neuron> neurons) {

  /** Copies the neurons. */
  public NeuronTrial {
    neurons = Set.copyOf(neurons);
  }

  /**
   * The same answer with as many random neurons of the same layers, none of them one of these: what
   * an effect is compared with.
   *
   * @param layerWidth neurons of a layer, {@code dMlp}
   * @param random draws them
   * @return the control
   * @throws IllegalArgumentException when a layer has too few other neurons
   */
  public NeuronTrial control(int layerWidth, RandomGenerator random) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    neurons.forEach(neuron -> counts.merge(neuron.layer(), 1, Integer::sum));
    SortedSet<Neuron> drawn = new TreeSet<>();
    counts.forEach(
        (layer, count) -> {
          if (2 * count > layerWidth) {
            throw new IllegalArgumentException(
                "a control needs as many other neurons but layer "
                    + layer
                    + " has "
                    + layerWidth
                    + " of which "
                    + count
                    + " are taken");
          }
          int before = drawn.size();
          while (drawn.size() < before + count) {
            Neuron candidate = new Neuron(layer, random.nextInt(layerWidth));
            if (!neurons.contains(candidate)) {
              drawn.add(candidate);
            }
          }
        });
    return new NeuronTrial(cloze, drawn);
  }

  /**
   * Each answer with the neurons of another one: the next after it in the list, the first after the
   * last.
   *
   * @param trials answers, such as one of each relation
   * @return as many trials
   */
  public static List<NeuronTrial> exchanged(List<NeuronTrial> trials) {
    int n = trials.size();
    return IntStream.range(0, n)
        .mapToObj(i -> new NeuronTrial(trials.get(i).cloze, trials.get((i + 1) % n).neurons))
        .toList();
  }
}
