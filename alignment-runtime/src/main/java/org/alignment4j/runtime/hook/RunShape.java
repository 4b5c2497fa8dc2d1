package org.alignment4j.runtime.hook;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.session.NativeMemory;

/** The sizes of a hook point's array in one run. */
final class RunShape {

  private RunShape() {}

  /** The size of each axis; 1 where {@code full} is false. */
  static int[] sizes(HookCatalog catalog, HookPoint<?> point, Columns columns, boolean[] full) {
    List<Axis> axes = point.kind().axes();
    int[] sizes = new int[axes.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = full[i] ? size(catalog, point.kind(), columns, axes.get(i)) : 1;
    }
    return sizes;
  }

  /** The size of each axis of a kind of hook point. */
  static long[] of(HookCatalog catalog, HookKind kind, Columns columns) {
    return kind.axes().stream().mapToLong(axis -> size(catalog, kind, columns, axis)).toArray();
  }

  private static int size(HookCatalog catalog, HookKind kind, Columns columns, Axis axis) {
    return switch (axis) {
      case BATCH -> columns.batch();
      case POSITION, QUERY -> columns.seq();
      case KEY -> columns.keys();
      default -> catalog.size(kind, axis);
    };
  }

  /**
   * How many elements an array has.
   *
   * @param bytes of each
   * @throws org.alignment4j.api.ModelExecutionException if one buffer does not hold them
   */
  static int product(int[] sizes, int bytes) {
    long product = 1;
    for (int size : sizes) {
      product *= size;
      NativeMemory.require(
          product,
          bytes,
          "activations of shape " + Arrays.toString(sizes),
          "use fewer or shorter sequences");
    }
    return (int) product;
  }

  /**
   * Checks that one buffer holds all values of a kind of hook point in one run.
   *
   * @throws org.alignment4j.api.ModelExecutionException if it does not
   */
  static void requireReadable(HookCatalog catalog, HookKind kind, Columns columns) {
    long[] sizes = of(catalog, kind, columns);
    long product = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    NativeMemory.requireFloats(
        product,
        (kind == HookKind.UNEMBED_OUT ? "logits" : kind) + " of shape " + Arrays.toString(sizes),
        "use fewer or shorter sequences"
            + (kind == HookKind.UNEMBED_OUT
                ? ", or end the run before the logits with stopAtLayer"
                : ""));
  }

  static long[] wide(int[] sizes) {
    return Arrays.stream(sizes).asLongStream().toArray();
  }

  /** Advances an index in row-major order; false after the last. */
  static boolean next(int[] index, int[] sizes) {
    for (int i = index.length - 1; i >= 0; i--) {
      if (++index[i] < sizes[i]) {
        return true;
      }
      index[i] = 0;
    }
    return false;
  }
}
