package org.alignment4j.eval.solve;

import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.apiguardian.api.API;

/**
 * Failures of the models that scorers ask: one verdict that is missing must neither become a value
 * nor take the other scores of its sample with it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ScorerFailures {

  /** Status of a server that is asked too often, whether or not it is said to be retryable. */
  private static final int TOO_MANY_REQUESTS = 429;

  private ScorerFailures() {}

  /** Returns whether the same call may succeed later. */
  public static boolean passing(RuntimeException error) {
    return error instanceof UncheckedIOException
        || (error instanceof RemoteCallException remote
            && (remote.retryable() || remote.status().orElse(0) == TOO_MANY_REQUESTS));
  }

  /**
   * Returns a score, or a failed one where the call behind it fails for good; one that fails for a
   * passing reason is for the caller to try again.
   *
   * @param call asks for the score
   * @return the score
   * @throws CancelledException when cancelled or interrupted
   * @throws BudgetExceededException when a budget is used up
   * @throws RemoteCallException when the same call may succeed later
   */
  public static Score guard(Supplier<? extends Score> call) {
    return guard(UsageMeter.none(), call);
  }

  /**
   * Returns a score, or a failed one where the call behind it fails for good: at the last attempt
   * whatever the reason.
   *
   * @param meter what the scorer was given, which knows whether this is the last attempt
   * @param call asks for the score
   * @return the score
   * @throws CancelledException when cancelled or interrupted
   * @throws BudgetExceededException when a budget is used up
   * @throws RemoteCallException when the same call may succeed later, so that it is tried again
   */
  public static Score guard(UsageMeter meter, Supplier<? extends Score> call) {
    try {
      return call.get();
    } catch (AlignmentException | UncheckedIOException | IllegalArgumentException e) {
      // A model refuses a prompt that does not fit it as a wrong argument.
      boolean again = passing(e) && meter.triesAgain();
      if (again || e instanceof CancelledException || e instanceof BudgetExceededException) {
        throw e;
      }
      return new Score.Failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
