package org.alignment4j.runtime.hook;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Indices;
import org.alignment4j.api.hook.Selection;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.session.NativeMemory;

/**
 * A selection at a hook point, as a boolean mask in each run. Padding is never selected, and in
 * attention scores and patterns neither is what causality hides: an edit there would let a token
 * see later ones, and generation under a cache would differ from generation without.
 */
final class Places {

  private final HookCatalog catalog;
  private final HookPoint<?> point;
  private final Selection selection;
  private final boolean[] axes;

  /**
   * Checks a selection.
   *
   * @throws IllegalArgumentException when an axis is not the point's, or a place lies outside it
   */
  Places(HookCatalog catalog, HookPoint<?> point, Selection selection) {
    this.catalog = catalog;
    this.point = point;
    this.selection = selection;
    List<Axis> all = point.kind().axes();
    selection
        .selectors()
        .forEach(
            selector -> {
              if (!all.contains(selector.axis())) {
                throw new IllegalArgumentException(
                    "a selector must name an axis of "
                        + point
                        + ", which are "
                        + all.stream().map(Axis::label).toList()
                        + ", but named "
                        + selector.axis().label());
              }
              if (HookCatalog.fixed(selector.axis())) {
                selector
                    .indices()
                    .requireWithin(selector.axis(), catalog.size(point.kind(), selector.axis()));
              }
            });
    axes = new boolean[all.size()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = !HookCatalog.fixed(all.get(i)) || selection.along(all.get(i)).isPresent();
    }
  }

  /** Which axes the mask has in full; along others it is repeated. */
  boolean[] axes() {
    return axes.clone();
  }

  /**
   * Checks that every place named exists in a forward run.
   *
   * @throws IllegalArgumentException when a row or position is in none of the sequences
   */
  void requireWithin(int rows, int positions) {
    for (Axis axis : List.of(Axis.BATCH, Axis.POSITION, Axis.QUERY, Axis.KEY)) {
      selection
          .along(axis)
          .ifPresent(i -> i.requireWithin(axis, axis == Axis.BATCH ? rows : positions));
    }
  }

  int[] sizes(Columns columns) {
    return RunShape.sizes(catalog, point, columns, axes);
  }

  /** The mask, one byte an element. */
  ByteBuffer mask(Columns columns) {
    int[] sizes = sizes(columns);
    ByteBuffer mask = NativeMemory.bytes(RunShape.product(sizes, 1));
    boolean attention = point.kind().axes().contains(Axis.KEY);
    boolean[] rows = rows(columns);
    boolean[] queries =
        positions(
            columns, columns.seq(), columns.positions(), attention ? Axis.QUERY : Axis.POSITION);
    boolean[] keys =
        attention
            ? positions(columns, columns.keys(), columns.keyPositions(), Axis.KEY)
            : new boolean[0];
    boolean[][] fixed = fixed();
    int[] index = new int[sizes.length];
    int at = 0;
    do {
      int row = index[0];
      boolean selected = rows[row];
      for (int i = 1; i < index.length && selected; i++) {
        selected = fixed[i].length == 0 || fixed[i][index[i]];
      }
      if (selected && attention) {
        int query = row * columns.seq() + index[2];
        int key = row * columns.keys() + index[3];
        selected =
            queries[query]
                && keys[key]
                && columns.keyPositions()[key] <= columns.positions()[query];
      } else if (selected) {
        selected = queries[row * columns.seq() + index[1]];
      }
      mask.put(at++, (byte) (selected ? 1 : 0));
    } while (RunShape.next(index, sizes));
    return mask;
  }

  /** Selected rows. */
  boolean[] rows(Columns columns) {
    Optional<Indices> indices = selection.along(Axis.BATCH);
    int sequences = 0;
    for (int sequence : columns.sequences()) {
      sequences = Math.max(sequences, sequence + 1);
    }
    boolean[] rows = new boolean[columns.batch()];
    for (int b = 0; b < rows.length; b++) {
      rows[b] = indices.isEmpty() || indices.get().contains(columns.sequences()[b], sequences);
    }
    return rows;
  }

  /** Selected columns, {@code [batch, count]}. */
  boolean[] positions(Columns columns, int count, long[] absolute, Axis axis) {
    Optional<Indices> indices = selection.along(axis);
    boolean[] selected = new boolean[absolute.length];
    for (int i = 0; i < selected.length; i++) {
      int length = columns.promptLengths()[i / count];
      selected[i] =
          absolute[i] >= 0
              && (indices.isEmpty() || indices.get().contains((int) absolute[i], length));
    }
    return selected;
  }

  private boolean[][] fixed() {
    List<Axis> all = point.kind().axes();
    boolean[][] selected = new boolean[all.size()][];
    for (int i = 0; i < selected.length; i++) {
      Optional<Indices> indices =
          HookCatalog.fixed(all.get(i)) ? selection.along(all.get(i)) : Optional.empty();
      if (indices.isEmpty()) {
        selected[i] = new boolean[0];
        continue;
      }
      int size = catalog.size(point.kind(), all.get(i));
      selected[i] = new boolean[size];
      for (int place = 0; place < size; place++) {
        selected[i][place] = indices.get().contains(place, size);
      }
    }
    return selected;
  }

  Selection selection() {
    return selection;
  }

  /**
   * Checks that rows are counted from the first: while a batch generates, rows leave it.
   *
   * @throws IllegalArgumentException when one is counted from the last
   */
  void requireRowsFromStart() {
    selection
        .along(Axis.BATCH)
        .ifPresent(
            rows -> {
              boolean backwards =
                  rows instanceof Indices.Listed listed
                      ? listed.indices().stream().anyMatch(i -> i < 0)
                      : rows instanceof Indices.From from && from.first() < 0;
              if (backwards) {
                throw new IllegalArgumentException(
                    "rows that an intervened model changes must be counted from 0 but were "
                        + rows);
              }
            });
  }

  HookPoint<?> point() {
    return point;
  }

  HookKind kind() {
    return point.kind();
  }

  HookCatalog catalog() {
    return catalog;
  }
}
