package org.alignment4j.interp.diff;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.interp.neuron.Neuron;
import org.apiguardian.api.API;

/**
 * How a neuron's activation on the same tokens changed.
 *
 * @param neuron the neuron
 * @param before mean activation of the model before, over prompts
 * @param after mean activation of the model after, over prompts
 * @param difference after minus before, paired by prompt; its interval is one of all neurons'
 *     together (Bonferroni), so that hardly any is beside the truth by chance
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronActivity(Neuron neuron, double before, double after, Estimate difference) {

  /** Checks that nothing is missing. */
  public NeuronActivity {
    Objects.requireNonNull(neuron, "neuron");
    Objects.requireNonNull(difference, "difference");
  }
}
