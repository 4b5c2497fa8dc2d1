package org.alignment4j.interp.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.Values;

/** One sequence's activation at a hook point, cut into cells along some of its axes. */
final class Cells {

  private final int[] counts;
  private final int[] cellOf;

  /**
   * Cells of an activation.
   *
   * @param values {@code [batch, ...]} of the kind's axes
   * @param swept the axes that tell cells apart, slowest first
   */
  Cells(HookKind kind, Values values, List<Axis> swept) {
    List<Axis> axes = kind.axes().subList(1, kind.axes().size());
    int[] sizes = Arrays.copyOfRange(values.shape(), 1, values.rank());
    counts = swept.stream().mapToInt(axis -> sizes[axes.indexOf(axis)]).toArray();
    int[] strides = new int[sizes.length];
    int stride = 1;
    for (int i = swept.size() - 1; i >= 0; i--) {
      strides[axes.indexOf(swept.get(i))] = stride;
      stride *= counts[i];
    }
    cellOf = new int[Arrays.stream(sizes).reduce(1, Math::multiplyExact)];
    for (int element = 0; element < cellOf.length; element++) {
      int rest = element;
      for (int i = sizes.length - 1; i >= 0; i--) {
        cellOf[element] += rest % sizes[i] * strides[i];
        rest /= sizes[i];
      }
    }
  }

  int count() {
    return Arrays.stream(counts).reduce(1, Math::multiplyExact);
  }

  /** Elements of one sequence. */
  int width() {
    return cellOf.length;
  }

  List<GridAxis> axes(List<Axis> swept) {
    List<GridAxis> axes = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      axes.add(GridAxis.numbered(swept.get(i).label(), counts[i]));
    }
    return axes;
  }

  /** The base with one cell overwritten, into a batch. */
  void overwrite(int cell, float[] base, float[] source, int row, float[] into, int intoRow) {
    int from = row * cellOf.length;
    int to = intoRow * cellOf.length;
    for (int i = 0; i < cellOf.length; i++) {
      into[to + i] = cellOf[i] == cell ? source[from + i] : base[from + i];
    }
  }

  /** The first-order change by cell: gradient times (source - base), summed over the cell. */
  double[] attributed(float[] gradient, float[] base, float[] source, int row) {
    double[] sums = new double[count()];
    int from = row * cellOf.length;
    for (int i = 0; i < cellOf.length; i++) {
      float slope = gradient[from + i];
      if (slope != 0) {
        sums[cellOf[i]] += (double) slope * ((double) source[from + i] - base[from + i]);
      }
    }
    return sums;
  }
}
