package org.alignment4j.oversight.selfalign;

import java.util.Objects;
import org.apiguardian.api.API;

/** What the filter makes of a reply. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Filtered {

  /**
   * The answer to learn.
   *
   * @param answer without thoughts
   * @param cut whether a repetition or a last word was cut off
   */
  record Kept(String answer, boolean cut) implements Filtered {
    /** Checks that nothing is missing. */
    public Kept {
      Objects.requireNonNull(answer, "answer");
    }
  }

  /**
   * The reply is left out.
   *
   * @param rule why
   * @param detail what it broke the rule with, such as the phrase; may be empty
   */
  record Removed(FilterRule rule, String detail) implements Filtered {
    /** Checks that nothing is missing. */
    public Removed {
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(detail, "detail");
    }
  }
}
