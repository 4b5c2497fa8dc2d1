package org.alignment4j.interp.feature.train;

/** {@link SparseRows} by feature: which entries each has, rows ascending. Immutable. */
final class SparseColumns {
  private final int[] starts;
  private final int[] rows;
  private final int[] entries;

  private SparseColumns(int[] starts, int[] rows, int[] entries) {
    this.starts = starts;
    this.rows = rows;
    this.entries = entries;
  }

  static SparseColumns of(SparseRows source, int width) {
    int[] starts = new int[width + 1];
    for (int[] row : source.indices) {
      for (int j : row) {
        starts[j + 1]++;
      }
    }
    for (int j = 0; j < width; j++) {
      starts[j + 1] += starts[j];
    }
    int[] next = starts.clone();
    int[] rows = new int[starts[width]];
    int[] entries = new int[starts[width]];
    for (int row = 0; row < source.indices.length; row++) {
      int[] indices = source.indices[row];
      for (int e = 0; e < indices.length; e++) {
        int place = next[indices[e]]++;
        rows[place] = row;
        entries[place] = e;
      }
    }
    return new SparseColumns(starts, rows, entries);
  }

  /** The first place of a feature; its last is before the first of the next one. */
  int start(int feature) {
    return starts[feature];
  }

  int row(int place) {
    return rows[place];
  }

  int entry(int place) {
    return entries[place];
  }
}
