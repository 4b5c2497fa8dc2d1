package org.alignment4j.runtime.hook;

import com.google.common.hash.Hasher;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.TokenBatch;

/**
 * The numbers of an edit, indexed by absolute position and repeated where they lack axes.
 * Immutable.
 */
final class EditValue {

  private static final int SAME = Integer.MIN_VALUE;

  private final Places places;
  private final float[] data;
  private final int[] shape;
  private final boolean[] axes;
  private final int[] sourcePositions;

  private EditValue(Places places, float[] data, int[] shape, int[] sourcePositions) {
    this.places = places;
    this.data = data;
    this.shape = shape;
    this.sourcePositions = sourcePositions;
    List<Axis> all = places.kind().axes();
    axes = new boolean[shape.length];
    boolean positioned = false;
    for (int i = 0; i < axes.length; i++) {
      axes[i] = shape[i] != 1 && !(all.get(i) == Axis.POSITION && sourcePositions.length > 0);
      positioned |= axes[i] && i > 0 && !HookCatalog.fixed(all.get(i));
    }
    axes[0] |= positioned;
  }

  /** One number everywhere. */
  static EditValue scalar(Places places, double value) {
    int[] shape = new int[places.kind().axes().size()];
    Arrays.fill(shape, 1);
    return new EditValue(places, new float[] {(float) value}, shape, new int[0]);
  }

  /**
   * Values aligned with the point's axes from the last.
   *
   * @throws IllegalArgumentException when they do not fit
   */
  static EditValue of(Places places, Values values, double coefficient) {
    int[] shape = aligned(places, values);
    float[] data = values.toArray();
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (coefficient * data[i]);
    }
    return new EditValue(places, data, shape, new int[0]);
  }

  /**
   * What another run had.
   *
   * @param sourcePositions the position to read from in each of its sequences; empty for the same
   */
  static EditValue patch(Places places, Values values, int[] sourcePositions) {
    return new EditValue(places, values.toArray(), aligned(places, values), sourcePositions);
  }

  private static int[] aligned(Places places, Values values) {
    List<Axis> all = places.kind().axes();
    int[] given = values.shape();
    int shift = all.size() - given.length;
    boolean fits = shift >= 0;
    int[] shape = new int[all.size()];
    for (int i = 0; i < shape.length && fits; i++) {
      shape[i] = i < shift ? 1 : given[i - shift];
      fits =
          shape[i] == 1
              || !HookCatalog.fixed(all.get(i))
              || shape[i] == places.catalog().size(places.kind(), all.get(i));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "values of an edit at "
              + places.point()
              + " must fit its axes "
              + all.stream()
                  .map(
                      a ->
                          HookCatalog.fixed(a)
                              ? a.label() + " " + places.catalog().size(places.kind(), a)
                              : a.label())
                  .toList()
              + " from the last but were "
              + values);
    }
    return shape;
  }

  /** Which axes the values have in full in a run; along others they are repeated. */
  boolean[] axes() {
    return axes.clone();
  }

  /** Adds the numbers and where they are read from. */
  void identify(Hasher hasher) {
    hasher.putUnencodedChars(Arrays.toString(shape) + Arrays.toString(sourcePositions));
    for (float number : data) {
      hasher.putFloat(number);
    }
  }

  int[] sizes(Columns columns) {
    return RunShape.sizes(places.catalog(), places.point(), columns, axes);
  }

  /**
   * The values of a run.
   *
   * @throws IllegalArgumentException when a selected row or position has none
   */
  float[] at(Columns columns) {
    requireCovered(columns);
    int[] sizes = sizes(columns);
    float[] out = new float[RunShape.product(sizes, Float.BYTES)];
    List<Axis> all = places.kind().axes();
    int outer = sizes.length;
    int block = 1;
    while (outer > 0 && alike(all.get(outer - 1), outer - 1, sizes)) {
      block *= sizes[--outer];
    }
    int[] index = new int[outer];
    int[] outerSizes = Arrays.copyOf(sizes, outer);
    int at = 0;
    do {
      int source = 0;
      for (int i = 0; i < outer && source >= 0; i++) {
        int place = place(all.get(i), i, index, columns);
        source = place < 0 || place >= shape[i] ? -1 : source * shape[i] + place;
      }
      if (source >= 0) {
        System.arraycopy(data, source * block, out, at, block);
      }
      at += block;
    } while (RunShape.next(index, outerSizes));
    if (places.kind() == HookKind.ATTN_SCORES) {
      for (int i = 0; i < out.length; i++) {
        out[i] = out[i] == Float.NEGATIVE_INFINITY ? TokenBatch.MASKED : out[i];
      }
    }
    return out;
  }

  /** Whether an axis lies in a run as it does in the values. */
  private boolean alike(Axis axis, int i, int[] sizes) {
    return sizes[i] == shape[i] && (shape[i] == 1 || HookCatalog.fixed(axis));
  }

  /** Index into the values along an axis, or one that they lack. */
  private int place(Axis axis, int i, int[] index, Columns columns) {
    if (shape[i] == 1) {
      return 0;
    }
    return switch (axis) {
      case BATCH -> columns.sequences()[index[0]];
      case POSITION -> {
        int source = sourcePosition(index[0], columns);
        yield source == SAME
            ? (int) columns.positions()[index[0] * columns.seq() + index[i]]
            : source;
      }
      case QUERY -> (int) columns.positions()[index[0] * columns.seq() + index[i]];
      case KEY -> (int) columns.keyPositions()[index[0] * columns.keys() + index[i]];
      default -> index[i];
    };
  }

  private int sourcePosition(int row, Columns columns) {
    if (sourcePositions.length == 0) {
      return SAME;
    }
    return sourcePositions.length == 1
        ? sourcePositions[0]
        : sourcePositions[columns.sequences()[row]];
  }

  private void requireCovered(Columns columns) {
    List<Axis> all = places.kind().axes();
    boolean[] rows = places.rows(columns);
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 1 || !axes[i] || HookCatalog.fixed(all.get(i))) {
        continue;
      }
      Axis axis = all.get(i);
      boolean key = axis == Axis.KEY;
      int count = key ? columns.keys() : columns.seq();
      long[] absolute = key ? columns.keyPositions() : columns.positions();
      boolean[] selected = places.positions(columns, count, absolute, axis);
      for (int c = 0; c < selected.length; c++) {
        int row = c / count;
        long place = axis == Axis.BATCH ? columns.sequences()[row] : absolute[c];
        if (rows[row] && (selected[c] || axis == Axis.BATCH) && place >= shape[i]) {
          throw new IllegalArgumentException(
              "values of an edit at "
                  + places.point()
                  + " must cover every selected "
                  + axis.label()
                  + " but end before "
                  + place
                  + "; select fewer, or give one value for all");
        }
      }
    }
  }
}
