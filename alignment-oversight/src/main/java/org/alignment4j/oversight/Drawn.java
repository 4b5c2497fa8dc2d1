package org.alignment4j.oversight;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.BudgetExceededException;
import org.apiguardian.api.API;

/**
 * What came of asking the prompts of one step.
 *
 * @param draws one for each prompt, in order; only the first ones where the budget ended before the
 *     others were asked
 * @param limit what ended the step before every reply kept its form or was drawn as often as it may
 *     be; empty when nothing did
 * @param <T> what replies say
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Drawn<T>(List<Draw<T>> draws, Optional<BudgetExceededException> limit) {
  /** Checks and copies. */
  public Drawn {
    draws = List.copyOf(draws);
    Objects.requireNonNull(limit, "limit");
  }

  /**
   * Returns the draws of a step that was finished.
   *
   * @throws BudgetExceededException if the budget ended it
   */
  public List<Draw<T>> finished() {
    requireFinished();
    return draws;
  }

  /**
   * Ends a run whose step was not finished, once what there is of it has been taken.
   *
   * @throws BudgetExceededException if the budget ended it
   */
  public void requireFinished() {
    if (limit.isPresent()) {
      throw limit.get();
    }
  }
}
