package org.alignment4j.oversight.agent;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a reply says.
 *
 * @param visible what the others read
 * @param hidden reasoning that nobody else reads; may be empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Speech(String visible, String hidden) {
  /** Checks that nothing is missing. */
  public Speech {
    Objects.requireNonNull(visible, "visible");
    Objects.requireNonNull(hidden, "hidden");
  }
}
