package org.alignment4j.interp.patch;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * An axis of a {@link PatchGrid}.
 *
 * @param name what it counts, such as {@code position}
 * @param labels its places in order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GridAxis(String name, List<String> labels) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no place
   */
  public GridAxis {
    Objects.requireNonNull(name, "name");
    labels = List.copyOf(labels);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("axis " + name + " must have at least one place");
    }
  }

  /** An axis whose places are numbered from 0. */
  static GridAxis numbered(String name, int size) {
    return new GridAxis(name, IntStream.range(0, size).mapToObj(Integer::toString).toList());
  }
}
