package org.alignment4j.rlhf.advantage;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Something that changes from step to step, and whose state is a few numbers that a run folder can
 * keep. Implementations are immutable: a change gives a new object.
 *
 * @param <T> the type itself
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface NumericState<T> {

  /**
   * Returns the state.
   *
   * @return lists of numbers by name; immutable
   */
  Map<String, List<Double>> state();

  /**
   * Returns this object, with its settings, in a given state.
   *
   * @param state what {@link #state()} of an object of these settings gave
   * @return the object in that state
   * @throws IllegalArgumentException when a number is missing or impossible
   */
  T restored(Map<String, List<Double>> state);
}
