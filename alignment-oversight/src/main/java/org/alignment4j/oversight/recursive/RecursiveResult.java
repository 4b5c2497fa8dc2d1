package org.alignment4j.oversight.recursive;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What recursive reward modelling came to.
 *
 * @param agent of the last level that was finished; the first model when none was
 * @param levels those that were finished
 * @param usage what all comparisons and lessons cost, those of a level that was not finished too
 * @param incomplete why it stopped before the last level, such as {@code budget: calls} or {@code
 *     evaluators agree}; empty when it did not
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RecursiveResult(
    LanguageModel agent, List<LevelReport> levels, Usage usage, String incomplete) {
  /** Checks that nothing is missing, and copies. */
  public RecursiveResult {
    Objects.requireNonNull(agent, "agent");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(incomplete, "incomplete");
    levels = List.copyOf(levels);
  }
}
