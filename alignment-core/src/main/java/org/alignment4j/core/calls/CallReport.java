package org.alignment4j.core.calls;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a run came to.
 *
 * @param results one per input, in order; empty when they were handed over one at a time
 * @param succeeded inputs with an answer, known ones included
 * @param known those whose answer needed no call
 * @param failed inputs whose call failed for good
 * @param missing inputs left without an answer because the run ended early
 * @param incomplete why the run ended early, such as {@code budget: tokens} or {@code failures: 3
 *     of 100}, in which inputs with equal keys count once; empty when it did not
 * @param attempts attempts made, retries included
 * @param peakConcurrency most calls that ran at once
 * @param elapsed how long the run took
 * @param usage what the run's ledger holds, by role
 * @param spent money in the run's ledger
 * @param <O> the answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CallReport<O>(
    List<CallResult<O>> results,
    long succeeded,
    long known,
    long failed,
    long missing,
    String incomplete,
    long attempts,
    int peakConcurrency,
    Duration elapsed,
    Map<String, Usage> usage,
    double spent) {

  /** Checks that nothing is missing, and copies. */
  public CallReport {
    results = List.copyOf(results);
    Objects.requireNonNull(incomplete, "incomplete");
    Objects.requireNonNull(elapsed, "elapsed");
    usage = ImmutableMap.copyOf(usage);
  }

  /** Whether every input was tried to the end; failed ones count as tried. */
  public boolean complete() {
    return incomplete.isEmpty();
  }

  CallReport<O> withResults(List<CallResult<O>> all) {
    return new CallReport<>(
        all,
        succeeded,
        known,
        failed,
        missing,
        incomplete,
        attempts,
        peakConcurrency,
        elapsed,
        usage,
        spent);
  }
}
