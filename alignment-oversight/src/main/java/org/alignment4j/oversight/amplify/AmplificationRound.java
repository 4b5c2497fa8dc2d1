package org.alignment4j.oversight.amplify;

import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What one round came to.
 *
 * @param round which one, from 0
 * @param questions how many were amplified
 * @param answered how many of them got an answer to learn
 * @param examples how many examples were trained on, those of earlier rounds included
 * @param usage what the amplification cost
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AmplificationRound(
    int round, int questions, int answered, int examples, Usage usage) {
  /** Checks that nothing is missing. */
  public AmplificationRound {
    Objects.requireNonNull(usage, "usage");
  }
}
