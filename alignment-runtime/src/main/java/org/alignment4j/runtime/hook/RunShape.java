package org.alignment4j.runtime.hook;

import java.util.List;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.runtime.engine.Columns;

/** The sizes of a hook point's array in one run. */
final class RunShape {

  private RunShape() {}

  /** The size of each axis; 1 where {@code full} is false. */
  static int[] sizes(HookCatalog catalog, HookPoint<?> point, Columns columns, boolean[] full) {
    List<Axis> axes = point.kind().axes();
    int[] sizes = new int[axes.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = full[i] ? size(catalog, point, columns, axes.get(i)) : 1;
    }
    return sizes;
  }

  private static int size(HookCatalog catalog, HookPoint<?> point, Columns columns, Axis axis) {
    return switch (axis) {
      case BATCH -> columns.batch();
      case POSITION, QUERY -> columns.seq();
      case KEY -> columns.keys();
      default -> catalog.size(point.kind(), axis);
    };
  }

  static int product(int[] sizes) {
    int product = 1;
    for (int size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  static long[] wide(int[] sizes) {
    return java.util.Arrays.stream(sizes).asLongStream().toArray();
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
