package org.alignment4j.rlhf.synthetic;

import java.util.OptionalDouble;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;

/**
 * Two answers to a prompt, of which one is assumed to be better for where it comes from.
 *
 * @param better of the configuration that is earlier in the order
 * @param worse of the later one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SyntheticPair(SyntheticResponse better, SyntheticResponse worse) {

  /**
   * Checks that both answer the same prompt.
   *
   * @throws IllegalArgumentException when they do not
   */
  public SyntheticPair {
    if (better.index() != worse.index()) {
      throw new IllegalArgumentException(
          "both answers must be to one prompt but are to prompts %s and %s"
              .formatted(better.index(), worse.index()));
    }
  }

  /**
   * Returns the pair as a label, whose annotator names the assumption.
   *
   * @return a pair of probability 1
   */
  public PreferencePair preference() {
    return new PreferencePair(
        better.prompt(),
        better.text(),
        worse.text(),
        1,
        OptionalDouble.empty(),
        "assumed: " + better.configuration() + " > " + worse.configuration());
  }
}
