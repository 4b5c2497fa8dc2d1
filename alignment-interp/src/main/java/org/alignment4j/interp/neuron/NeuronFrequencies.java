package org.alignment4j.interp.neuron;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apiguardian.api.API;

/**
 * How many facts of a relation each neuron serves: neurons of many facts carry the relation, not
 * the fact (Dai et al. 2022, sections 5.1 and 5.2). Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NeuronFrequencies {

  private final int facts;
  private final Map<Neuron, Integer> counts = new TreeMap<>();

  /**
   * Counts.
   *
   * @param neurons the neurons of each fact
   */
  public NeuronFrequencies(Collection<? extends Set<Neuron>> neurons) {
    this.facts = neurons.size();
    neurons.forEach(set -> set.forEach(neuron -> counts.merge(neuron, 1, Integer::sum)));
  }

  /** Returns how many of the facts use a neuron. */
  public int count(Neuron neuron) {
    return counts.getOrDefault(neuron, 0);
  }

  /**
   * The neurons that most facts use: what erasing a relation sets to zero, 20 in the paper.
   *
   * @param limit how many at most
   * @return the most used first; of equally used ones the first by layer and number
   */
  public List<Neuron> mostFrequent(int limit) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<Neuron, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(limit)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * A fact's neurons without those that many facts use: what updating a fact changes.
   *
   * @param neurons the fact's
   * @param most greatest share of the facts that may use one, 0.1 in the paper
   * @return the fact's own
   */
  public SortedSet<Neuron> ownOf(Set<Neuron> neurons, double most) {
    SortedSet<Neuron> own = new TreeSet<>(neurons);
    own.removeIf(neuron -> count(neuron) > most * facts);
    return own;
  }
}
