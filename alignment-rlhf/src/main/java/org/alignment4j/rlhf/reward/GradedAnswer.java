package org.alignment4j.rlhf.reward;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * A completion whose quality is known, from which {@link PropositionWeightFitter} learns.
 *
 * @param prompt what was asked; only completions of one prompt are compared
 * @param quality how good the completion is by its kind, such as 2 for ideal, 1 for less good and 0
 *     for unacceptable; differences are the margins, so that 1.5 and 1 ask for half a margin
 * @param reward R_rm of the completion, 0 where there is no reward model
 * @param features φ, the probability of each proposition
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GradedAnswer(Prompt prompt, double quality, double reward, List<Double> features) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a number is not finite
   */
  public GradedAnswer {
    Objects.requireNonNull(prompt, "prompt");
    features = List.copyOf(features);
    requireFinite("quality", quality);
    requireFinite("reward", reward);
    for (int j = 0; j < features.size(); j++) {
      requireFinite("features[" + j + "]", features.get(j));
    }
  }

  private static void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite but was " + value);
    }
  }
}
