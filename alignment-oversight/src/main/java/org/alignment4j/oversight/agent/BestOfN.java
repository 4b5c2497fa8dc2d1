package org.alignment4j.oversight.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/**
 * Says the best of several drafts, valid ones before invalid ones. The turn carries the cost of all
 * drafts and their ratings. Immutable.
 *
 * @param drafter who writes
 * @param count how many drafts there are
 * @param rater who rates them; not asked when there is one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BestOfN(Drafter drafter, int count, DraftRater rater) implements Agent {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the count is less than 1
   */
  public BestOfN {
    Objects.requireNonNull(drafter, "drafter");
    Objects.requireNonNull(rater, "rater");
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but was " + count);
    }
  }

  @Override
  public Turn act(View view, OversightContext context) {
    List<Turn> drafts = drafter.draft(view, count, context);
    List<Turn> valid = drafts.stream().filter(Turn::valid).toList();
    List<Turn> rated = valid.isEmpty() ? drafts : valid;
    Usage usage = sum(drafts);
    if (rated.size() == 1) {
      return rated.get(0).withUsage(usage);
    }
    DraftRater.Ratings ratings = rater.rate(view, rated, context);
    return rated.get(ratings.best()).withUsage(usage.plus(ratings.usage()));
  }

  static Usage sum(List<Turn> turns) {
    List<Usage> costs = new ArrayList<>();
    turns.forEach(turn -> costs.add(turn.usage()));
    return costs.stream().reduce(Usage.NONE, Usage::plus);
  }
}
