package org.alignment4j.interp.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How often a value's most likely token is the one that followed the top trigger of its key (Geva
 * et al. 2021, section 4.1). Immutable and thread-safe.
 *
 * @param share the share of keys; those that an ignored token triggers, and those whose top trigger
 *     nothing follows, are counted as unscored
 * @param agreeing the neurons that agree, in order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KeyAgreement(Estimate share, List<Integer> agreeing) {

  /** Copies. */
  public KeyAgreement {
    agreeing = List.copyOf(agreeing);
  }

  /**
   * The agreement of a layer.
   *
   * @param triggers the greatest activations over a corpus
   * @param values the values of the same layer
   * @throws IllegalArgumentException if they are not of as many neurons
   */
  public static KeyAgreement of(TopExamples triggers, ValueVectors values) {
    if (triggers.neurons() != values.count()) {
      throw new IllegalArgumentException(
          "triggers and values must be of one layer but are of "
              + triggers.neurons()
              + " and "
              + values.count()
              + " neurons");
    }
    List<Integer> agreeing = new ArrayList<>();
    int scored = 0;
    for (int neuron = 0; neuron < values.count(); neuron++) {
      OptionalInt next =
          triggers.triggeredByIgnored(neuron)
              ? OptionalInt.empty()
              : triggers.of(neuron).get(0).next();
      if (next.isEmpty()) {
        continue;
      }
      scored++;
      if (values.top(neuron, 1).get(0).token() == next.getAsInt()) {
        agreeing.add(neuron);
      }
    }
    Estimate share = Estimates.proportion(agreeing.size(), scored);
    return new KeyAgreement(Estimates.withMissing(share, values.count() - scored, 0), agreeing);
  }
}
