package org.alignment4j.eval.solve;

import java.util.function.Supplier;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.evaluation.Score;
import org.apiguardian.api.API;

/**
 * Failures of the models that scorers ask: one verdict that is missing must neither become a value
 * nor take the other scores of its sample with it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ScorerFailures {

  private ScorerFailures() {}

  /**
   * Returns a score, or a failed one where the call behind it fails for good.
   *
   * @param call asks for the score
   * @return the score
   * @throws CancelledException when cancelled or interrupted
   * @throws BudgetExceededException when a budget is used up
   * @throws RemoteCallException when the same call may succeed later, so that it is tried again
   */
  public static Score guard(Supplier<? extends Score> call) {
    try {
      return call.get();
    } catch (AlignmentException e) {
      boolean passing = e instanceof RemoteCallException remote && remote.retryable();
      if (passing || e instanceof CancelledException || e instanceof BudgetExceededException) {
        throw e;
      }
      return new Score.Failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
