package org.alignment4j.rlhf.synthetic;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * An answer of a configuration.
 *
 * @param index number of the prompt among those given
 * @param prompt the prompt as it was given, in no style
 * @param configuration name of the configuration
 * @param text the answer
 * @param truncated whether the length limit ended it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SyntheticResponse(
    int index, Prompt prompt, String configuration, String text, boolean truncated) {

  /** Checks that nothing is missing. */
  public SyntheticResponse {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(configuration, "configuration");
    Objects.requireNonNull(text, "text");
  }
}
