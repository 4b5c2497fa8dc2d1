package org.alignment4j.oversight.agent;

import java.util.List;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/** Writes several drafts of a turn. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Drafter extends Agent {

  /**
   * Writes drafts.
   *
   * @param count how many are wanted, at least 1
   * @return as many, or fewer where the budget has no room for more, but at least one, in the order
   *     in which they were drawn; invalid ones only where there were not enough valid ones. What
   *     drafts that were thrown away cost is in the usage of the first
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<Turn> draft(View view, int count, OversightContext context);

  @Override
  default Turn act(View view, OversightContext context) {
    return draft(view, 1, context).get(0);
  }
}
