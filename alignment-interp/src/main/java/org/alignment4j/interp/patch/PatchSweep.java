package org.alignment4j.interp.patch;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.core.statistics.Bootstrap;
import org.apiguardian.api.API;

/**
 * What is patched one cell at a time: hook points, and the axes along which their activations are
 * cut into cells. Along other axes a cell is whole; without axes each point is one cell.
 *
 * @param points the hook points; the first axis of the result, by layer
 * @param axes axes of the points, in the order of the result; never the batch
 * @param direction what is patched into what
 * @param rows how many sequences are run at once, at least 1
 * @param bootstrap the intervals of the effects
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PatchSweep(
    HookPointSet<?> points,
    List<Axis> axes,
    PatchDirection direction,
    int rows,
    Bootstrap bootstrap) {

  private static final int DEFAULT_ROWS = 32;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when an axis is named twice or is the batch, or rows are not
   *     positive
   */
  public PatchSweep {
    Objects.requireNonNull(points, "points");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(bootstrap, "bootstrap");
    axes = List.copyOf(axes);
    if (axes.contains(Axis.BATCH) || axes.stream().distinct().count() != axes.size()) {
      throw new IllegalArgumentException(
          "axes of a sweep must be different ones and not the batch but were " + axes);
    }
    if (rows < 1) {
      throw new IllegalArgumentException("rows must be positive but was " + rows);
    }
  }

  /**
   * Returns a sweep of usual size.
   *
   * @param points the hook points
   * @param direction what is patched into what
   * @param axes axes of the points
   * @return a sweep of 32 rows at once and 2000 resamples from seed 0
   * @throws IllegalArgumentException when an axis is named twice or is the batch
   */
  public static PatchSweep of(HookPointSet<?> points, PatchDirection direction, Axis... axes) {
    return new PatchSweep(points, List.of(axes), direction, DEFAULT_ROWS, Bootstrap.seeded(0));
  }

  /**
   * The points in a model.
   *
   * @throws IllegalArgumentException when one lacks an axis, or the model a layer
   */
  List<HookPoint<?>> resolve(int layers) {
    List<HookPoint<?>> resolved = List.copyOf(points.points(layers));
    for (HookPoint<?> point : resolved) {
      for (Axis axis : axes) {
        if (!point.kind().axes().contains(axis)) {
          throw new IllegalArgumentException(
              "axes of a sweep must be those of "
                  + point
                  + ", which are "
                  + point.kind().axes().stream()
                      .filter(a -> a != Axis.BATCH)
                      .map(Axis::label)
                      .toList()
                  + ", but one was "
                  + axis.label());
        }
      }
    }
    return resolved;
  }

  /** Whether cells are told apart by place in the sequence. */
  boolean byPosition() {
    return axes.stream()
        .anyMatch(axis -> axis == Axis.POSITION || axis == Axis.QUERY || axis == Axis.KEY);
  }
}
