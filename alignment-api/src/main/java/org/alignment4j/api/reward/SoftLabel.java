package org.alignment4j.api.reward;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * One answer and how probable it is that it is good, such as what a weaker model says of it.
 *
 * @param prompt what was asked
 * @param completion the answer
 * @param probability in [0, 1] that the answer is good; 0 or 1 where that is known
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SoftLabel(Prompt prompt, String completion, double probability) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when the probability is outside [0, 1]
   */
  public SoftLabel {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(completion, "completion");
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability must be in [0, 1] but was " + probability);
    }
  }
}
