package org.alignment4j.eval.inner.failure;

import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a failure was found to be, and why.
 *
 * @param failure the case
 * @param cause where it comes from
 * @param evidence a sentence for each observation, in order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FailureVerdict(FailureCase failure, FailureCause cause, List<String> evidence) {

  /** Checks that nothing is missing, and copies. */
  public FailureVerdict {
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(cause, "cause");
    evidence = List.copyOf(evidence);
  }

  /**
   * Returns whether the verdict is what the source takes the failure for.
   *
   * @return true when both agree
   */
  public boolean agrees() {
    return cause == failure.label();
  }
}
