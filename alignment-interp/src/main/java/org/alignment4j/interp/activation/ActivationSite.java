package org.alignment4j.interp.activation;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoint;
import org.apiguardian.api.API;

/**
 * A hook point whose array holds one vector a token, and which head's where it has a heads axis.
 *
 * @param point the hook point
 * @param head the attention or key and value head; empty where the point has no heads, or for all
 *     of them side by side, head 0 first
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ActivationSite(HookPoint<? extends Axes.Positions> point, OptionalInt head) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a head is named where there are none, or is negative
   */
  public ActivationSite {
    Objects.requireNonNull(point, "point");
    if (head.isPresent() && !hasHeads(point)) {
      throw new IllegalArgumentException(
          "a head can be chosen at a hook point with heads only but "
              + point
              + " has the axes "
              + point.kind().axes().stream().map(Axis::label).toList());
    }
    if (head.isPresent() && head.getAsInt() < 0) {
      throw new IllegalArgumentException("head must not be negative but was " + head.getAsInt());
    }
  }

  /** The vector of a hook point; of all heads where it has several. */
  public static ActivationSite of(HookPoint<? extends Axes.Positions> point) {
    return new ActivationSite(point, OptionalInt.empty());
  }

  /**
   * The vector of one attention head.
   *
   * @throws IllegalArgumentException if the head is negative
   */
  public static <A extends Axes.Positions & Axes.Heads> ActivationSite head(
      HookPoint<A> point, int head) {
    return new ActivationSite(point, OptionalInt.of(head));
  }

  /**
   * The vector of one key and value head.
   *
   * @throws IllegalArgumentException if the head is negative
   */
  public static <A extends Axes.Positions & Axes.KeyValueHeads> ActivationSite kvHead(
      HookPoint<A> point, int head) {
    return new ActivationSite(point, OptionalInt.of(head));
  }

  private static boolean hasHeads(HookPoint<?> point) {
    List<Axis> axes = point.kind().axes();
    return axes.contains(Axis.HEAD) || axes.contains(Axis.KEY_VALUE_HEAD);
  }

  /** Such as {@code blocks.3.attn.hook_z, head 5}. */
  @Override
  public String toString() {
    return head.isPresent() ? point + ", head " + head.getAsInt() : point.toString();
  }
}
