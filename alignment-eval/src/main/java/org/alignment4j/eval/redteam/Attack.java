package org.alignment4j.eval.redteam;

import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Model;
import org.apiguardian.api.API;

/**
 * A search for a prompt that brings a model to a goal. Immutable and as safe for concurrent calls
 * as the models it uses; run it with {@link AttackCampaign}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Attack {

  /** Returns the attack's name in the field, such as {@code GCG}. */
  String name();

  /** Returns in what its work is counted. */
  WorkUnit unit();

  /** Returns every option and model that shapes the outcome, by name; journals file by them. */
  Map<String, String> options();

  /** Returns what a target must be able to do. */
  Set<Class<? extends Model>> requires();

  /**
   * Attacks.
   *
   * @param target whom, with the authority to do so
   * @param goal what for
   * @param memory keeps the state between steps, so that an interrupted attack goes on
   * @param cancellation asks to stop at the next step
   * @return what it came to
   * @throws IllegalArgumentException when the target lacks a capability or the goal does not fit it
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  AttackOutcome run(
      AuthorizedTarget target,
      AttackGoal goal,
      AttackMemory memory,
      CancellationToken cancellation);
}
