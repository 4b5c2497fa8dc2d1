package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What happens between the updates of a run. Immutable.
 *
 * @param callbacks what is done with the model as it is, in order
 * @param stopping when the run ends early
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RunHooks(List<RunCallback> callbacks, Optional<EarlyStopping> stopping) {
  /** The start of the names of metrics that evaluations give. */
  public static final String EVALUATION = "eval/";

  /**
   * The start of the names of what a checkpoint keeps of a run's early stopping. Where there is
   * anything, the metric was reported, and a run that goes on must have the same rule.
   */
  public static final String HEARD = "loop.stopping.";

  /**
   * Copies the callbacks.
   *
   * @throws IllegalArgumentException when the run waits for a metric of an evaluation and has none
   *     that may report it
   */
  public RunHooks {
    callbacks = List.copyOf(callbacks);
    String metric = stopping.map(EarlyStopping::metric).orElse("");
    if (metric.startsWith(EVALUATION) && callbacks.stream().noneMatch(c -> c.reports(metric))) {
      throw new IllegalArgumentException(
          ("early stopping on %s needs an evaluation that reports it but there is none%s; add one, or"
                  + " name another metric")
              .formatted(
                  metric,
                  callbacks.isEmpty()
                      ? ""
                      : " among " + callbacks.stream().map(RunCallback::description).toList()));
    }
  }

  /**
   * Nothing happens.
   *
   * @return no hooks
   */
  public static RunHooks none() {
    return new RunHooks(List.of(), Optional.empty());
  }

  /**
   * Returns these hooks with one more callback.
   *
   * @param callback what is done after those there are
   * @return new hooks
   */
  public RunHooks and(RunCallback callback) {
    List<RunCallback> more = new ArrayList<>(callbacks);
    more.add(callback);
    return new RunHooks(more, stopping);
  }

  /**
   * Returns these hooks with another rule of early stopping.
   *
   * @param rule when the run ends early
   * @return new hooks
   * @throws IllegalArgumentException when it waits for a metric of an evaluation and there is none
   */
  public RunHooks stopping(EarlyStopping rule) {
    return new RunHooks(callbacks, Optional.of(rule));
  }

  /**
   * Returns what of them decides the run's result, for the description of a run folder.
   *
   * @return empty where nothing does
   */
  public Optional<String> description() {
    return stopping.map(
        rule -> rule + ", " + callbacks.stream().map(RunCallback::description).toList());
  }
}
