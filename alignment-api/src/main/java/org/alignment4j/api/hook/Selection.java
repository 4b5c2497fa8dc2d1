package org.alignment4j.api.hook;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The places of an array that an edit changes: those that satisfy every selector; all of them when
 * there is no selector. Positions that are padding are never selected.
 *
 * @param selectors at most one per axis
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Selection(List<Selector<?>> selectors) {

  /** Everything. */
  public static final Selection ALL = new Selection(List.of());

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when two selectors name one axis
   */
  public Selection {
    selectors = List.copyOf(selectors);
    Set<Axis> seen = EnumSet.noneOf(Axis.class);
    for (Selector<?> selector : selectors) {
      if (!seen.add(selector.axis())) {
        throw new IllegalArgumentException(
            "selectors must name each axis once but "
                + selector.axis().label()
                + " was named twice; name several places in one selector");
      }
    }
  }

  /**
   * Returns the places chosen along an axis.
   *
   * @param axis the axis
   * @return the places; empty when all are chosen
   */
  public Optional<Indices> along(Axis axis) {
    return selectors.stream()
        .filter(selector -> selector.axis() == axis)
        .<Indices>map(Selector::indices)
        .findFirst();
  }
}
