package org.alignment4j.api.hook;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A choice of places along one axis; several selectors together choose the places that satisfy all.
 * The static factories of {@link Selectors} give it the axes type that it demands of a hook point.
 *
 * @param axis the axis
 * @param indices the places
 * @param <A> the axes a hook point must have
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Selector<A extends Axes>(Axis axis, Indices indices) {

  /** Checks that nothing is missing. */
  public Selector {
    Objects.requireNonNull(axis, "axis");
    Objects.requireNonNull(indices, "indices");
  }
}
