package org.alignment4j.api.reward;

import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * One answer that was found good or bad by itself.
 *
 * @param prompt what was asked
 * @param completion the answer
 * @param desirable whether it was found good
 */
@API(status = API.Status.STABLE, since = "0.1")
public record UnpairedLabel(Prompt prompt, String completion, boolean desirable) {

  /** Checks that nothing is missing. */
  public UnpairedLabel {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(completion, "completion");
  }
}
