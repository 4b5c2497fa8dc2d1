package org.alignment4j.interp.neuron;

import org.apiguardian.api.API;

/**
 * How neurons are chosen by their attributions (Dai et al. 2022, section 3.3).
 *
 * @param coarse share of a prompt's greatest attribution that a neuron needs to be of the prompt's
 *     coarse set, in (0, 1]
 * @param shared share of a fact's prompts whose coarse sets a neuron must be in, in (0, 1]
 * @param leastPrompts prompts that a fact needs for its neurons to be refined; with fewer its own
 *     prompt alone decides
 * @param fewest neurons below which {@code shared} is lowered
 * @param most neurons above which {@code shared} is raised
 * @param adjustment how much {@code shared} is changed at a time
 * @param adjustments how often at most
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record KnowledgeNeuronOptions(
    double coarse,
    double shared,
    int leastPrompts,
    int fewest,
    int most,
    double adjustment,
    int adjustments) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a share is outside (0, 1], a count is below its least or
   *     {@code fewest} exceeds {@code most}
   */
  public KnowledgeNeuronOptions {
    requireShare("coarse", coarse);
    requireShare("shared", shared);
    requireShare("adjustment", adjustment);
    if (leastPrompts < 1 || fewest < 1 || most < fewest || adjustments < 0) {
      throw new IllegalArgumentException(
          "leastPrompts and fewest must be positive, most at least fewest and adjustments not"
              + " negative but they were "
              + leastPrompts
              + ", "
              + fewest
              + ", "
              + most
              + " and "
              + adjustments);
    }
  }

  private static void requireShare(String name, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(name + " must be in (0, 1] but was " + share);
    }
  }

  /** Returns the published ones: 0.2 and 0.7 in steps of 0.05, 2 to 5 neurons. */
  public static KnowledgeNeuronOptions published() {
    return new KnowledgeNeuronOptions(0.2, 0.7, 3, 2, 5, 0.05, 6);
  }
}
