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
   * Copies the callbacks.
   *
   * @throws IllegalArgumentException when the run waits for a metric of an evaluation and has none
   */
  public RunHooks {
    callbacks = List.copyOf(callbacks);
    if (callbacks.isEmpty()
        && stopping.filter(s -> s.metric().startsWith(EVALUATION)).isPresent()) {
      throw new IllegalArgumentException(
          "early stopping on "
              + stopping.get().metric()
              + " needs an evaluation that reports it but there is none; add one, or name another"
              + " metric");
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

  /** What of them decides the run's result; empty where none does. */
  Optional<String> description() {
    return stopping.map(
        rule -> rule + ", " + callbacks.stream().map(RunCallback::description).toList());
  }
}
