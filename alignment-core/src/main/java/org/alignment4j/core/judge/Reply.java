package org.alignment4j.core.judge;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a judge said.
 *
 * @param text the text
 * @param truncated whether a length limit cut it off: then only a verdict at its very end counts,
 *     since an earlier one may be a quotation of the form
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Reply(String text, boolean truncated) {
  /** Checks that nothing is missing. */
  public Reply {
    Objects.requireNonNull(text, "text");
  }
}
