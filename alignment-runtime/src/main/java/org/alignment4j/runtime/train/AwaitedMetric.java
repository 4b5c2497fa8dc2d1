package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Finds out whether the metric that a run waits for is ever reported, at the first step that can
 * tell. Of an evaluation's metrics that is certain once the evaluation was made; another metric may
 * be one that only some steps report, of which is said after the first step that it was not
 * reported yet. Owned by one run; not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AwaitedMetric {

  private final RunHooks hooks;
  private final Set<String> reported = new LinkedHashSet<>();
  private final List<RunCallback> made = new ArrayList<>();
  private boolean settled;

  /**
   * What is known of it.
   *
   * @param problem which metric is missing and which ones there are, the nearest names first
   * @param certain whether it cannot be reported any more
   */
  public record Missing(String problem, boolean certain) {}

  /**
   * Begins to look.
   *
   * @param hooks of the run
   * @param heard whether the metric was reported before, in which case nothing is said
   */
  public AwaitedMetric(RunHooks hooks, boolean heard) {
    this.hooks = hooks;
    this.settled = heard || hooks.stopping().isEmpty();
  }

  /**
   * Takes note that a callback was done.
   *
   * @param callback one of the run's
   */
  public void done(RunCallback callback) {
    if (!settled && !made.contains(callback)) {
      made.add(callback);
    }
  }

  /**
   * Takes note of the metrics of a step, those of its callbacks among them.
   *
   * @param metrics of the step
   * @return what there is to say, once a run; empty while it is not known
   */
  public Optional<Missing> after(Metrics metrics) {
    EarlyStopping rule = hooks.stopping().orElse(null);
    if (settled || rule == null) {
      return Optional.empty();
    }
    reported.addAll(metrics.values().keySet());
    settled = reported.contains(rule.metric());
    if (settled || !known(rule, metrics)) {
      return Optional.empty();
    }
    settled = true;
    boolean certain = rule.metric().startsWith(RunHooks.EVALUATION);
    return Optional.of(
        new Missing(
            ("early stopping waits for %s, which %s at step %s; there %s %s")
                .formatted(
                    rule.metric(),
                    certain ? "no evaluation reported" : "was not reported",
                    metrics.step(),
                    reported.size() == 1 ? "is" : "are",
                    reported.isEmpty()
                        ? "none"
                        : String.join(", ", NearestNames.of(rule.metric(), reported))),
            certain));
  }

  private boolean known(EarlyStopping rule, Metrics metrics) {
    return rule.metric().startsWith(RunHooks.EVALUATION)
        ? made.containsAll(
            hooks.callbacks().stream().filter(c -> c.reports(rule.metric())).toList())
        : metrics.step() > 0;
  }
}
