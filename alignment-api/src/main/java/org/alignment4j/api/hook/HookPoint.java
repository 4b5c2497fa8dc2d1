package org.alignment4j.api.hook;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A named value inside a model. Its string form is the TransformerLens name, such as {@code
 * blocks.3.attn.hook_z}; {@link HookPoints} has the typed factories.
 *
 * @param <A> the axes of the array there
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class HookPoint<A extends Axes> implements HookPointSet<A> {
  /** The layer of a point that belongs to none. */
  static final int NO_LAYER = -1;

  private final HookKind kind;
  private final int layer;

  HookPoint(HookKind kind, int layer) {
    if (kind.perLayer() && layer < 0) {
      throw new IllegalArgumentException("layer must not be negative but was " + layer);
    }
    this.kind = kind;
    this.layer = layer;
  }

  /**
   * Returns the point of a TransformerLens name.
   *
   * @param name the name, such as {@code blocks.3.hook_resid_post}
   * @return the point, its axes unknown to the compiler
   * @throws IllegalArgumentException when there is no such name; the message lists the nearest ones
   */
  public static HookPoint<?> parse(String name) {
    for (HookKind kind : HookKind.values()) {
      if (!kind.perLayer()) {
        if (kind.prefix().equals(name)) {
          return new HookPoint<>(kind, NO_LAYER);
        }
      } else if (name.startsWith(kind.prefix()) && name.endsWith(kind.suffix())) {
        int end = name.length() - kind.suffix().length();
        String digits =
            end < kind.prefix().length() ? "" : name.substring(kind.prefix().length(), end);
        if (digits.matches("0|[1-9][0-9]{0,5}")) {
          return new HookPoint<>(kind, Integer.parseInt(digits));
        }
      }
    }
    throw new IllegalArgumentException(
        "hook point name must be a TransformerLens name but was '"
            + name
            + "'; nearest are "
            + String.join(", ", nearest(name)));
  }

  private static List<String> nearest(String name) {
    String shape = name.replaceFirst("^blocks\\.[0-9]+", "blocks.0");
    return Arrays.stream(HookKind.values())
        .map(kind -> kind.name(0))
        .sorted(Comparator.comparingInt(candidate -> editDistance(shape, candidate)))
        .limit(3)
        .toList();
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /**
   * Returns the kind.
   *
   * @return what is computed there
   */
  public HookKind kind() {
    return kind;
  }

  /**
   * Returns the layer.
   *
   * @return the layer, from 0; -1 for a point that belongs to none
   */
  public int layer() {
    return layer;
  }

  /**
   * Returns the TransformerLens name.
   *
   * @return such as {@code blocks.3.attn.hook_z}
   */
  public String name() {
    return kind.name(layer);
  }

  @Override
  public boolean ofAllLayers() {
    return false;
  }

  @Override
  public List<HookPoint<A>> points(int layerCount) {
    if (layer >= layerCount) {
      throw new IllegalArgumentException(
          "layer must be less than the model's " + layerCount + " layers but was " + layer);
    }
    return List.of(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HookPoint<?> that && kind == that.kind && layer == that.layer;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind.ordinal(), layer);
  }

  @Override
  public String toString() {
    return name();
  }
}
