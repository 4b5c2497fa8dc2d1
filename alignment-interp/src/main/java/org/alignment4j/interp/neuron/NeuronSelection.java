package org.alignment4j.interp.neuron;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Chooses neurons by attributions (Dai et al. 2022, section 3.3): pure functions. */
final class NeuronSelection {

  private NeuronSelection() {}

  /**
   * Neurons whose attribution is at least a share of the greatest; none where no attribution is
   * positive.
   */
  static SortedSet<Neuron> coarse(NeuronAttribution attribution, double share) {
    SortedSet<Neuron> chosen = new TreeSet<>();
    double greatest = attribution.greatest();
    for (int layer = 0; layer < attribution.layers() && greatest > 0; layer++) {
      double[] scores = attribution.layer(layer);
      for (int i = 0; i < scores.length; i++) {
        if (scores[i] >= share * greatest) {
          chosen.add(new Neuron(layer, i));
        }
      }
    }
    return chosen;
  }

  /**
   * Neurons that enough of the sets share, the share adjusted until they are neither too few nor
   * too many or it was adjusted often enough; where it turns back, the last set stands.
   */
  static SortedSet<Neuron> refined(
      List<? extends SortedSet<Neuron>> sets, KnowledgeNeuronOptions options) {
    Map<Neuron, Integer> counts = new TreeMap<>();
    sets.forEach(set -> set.forEach(neuron -> counts.merge(neuron, 1, Integer::sum)));
    double share = options.shared();
    SortedSet<Neuron> chosen = sharing(counts, share, sets.size());
    int direction = 0;
    for (int i = 0; i < options.adjustments(); i++) {
      int wanted = chosen.size() < options.fewest() ? -1 : chosen.size() > options.most() ? 1 : 0;
      double next = share + wanted * options.adjustment();
      if (wanted == 0 || wanted == -direction || next <= 0 || next > 1 + 1e-9) {
        break;
      }
      direction = wanted;
      share = next;
      chosen = sharing(counts, share, sets.size());
    }
    return chosen;
  }

  private static SortedSet<Neuron> sharing(Map<Neuron, Integer> counts, double share, int sets) {
    SortedSet<Neuron> chosen = new TreeSet<>(Comparator.naturalOrder());
    counts.forEach(
        (neuron, count) -> {
          if (count >= share * sets - 1e-9) {
            chosen.add(neuron);
          }
        });
    return chosen;
  }
}
