package org.alignment4j.oversight.recursive;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What an agent is to learn.
 *
 * @param completions the right answers; may be none
 * @param usage what they cost
 * @param incomplete why there are fewer or worse ones than were to be, such as {@code budget:
 *     calls}; empty when there are not
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Lessons(List<PromptCompletion> completions, Usage usage, String incomplete) {
  /** Checks that nothing is missing, and copies. */
  public Lessons {
    completions = List.copyOf(completions);
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(incomplete, "incomplete");
  }
}
