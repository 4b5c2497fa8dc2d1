package org.alignment4j.rlhf.feedback;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds scripts of least cost; see {@link EditScript#between}. */
record EditInference<T>(EditCosts costs, long mostPairs) {

  /** Directions of so many pairs are held at once, a byte each. */
  static final long MOST_PAIRS = 16_000_000;

  private static final byte KEEP = 0;
  private static final byte REPLACE = 1;
  private static final byte DELETE = 2;
  private static final byte INSERT = 3;

  EditScript<T> script(List<T> source, List<T> target) {
    List<Edit<T>> edits = new ArrayList<>();
    add(source, target, edits);
    return new EditScript<>(edits);
  }

  private void add(List<T> source, List<T> target, List<Edit<T>> to) {
    long pairs = (source.size() + 1L) * (target.size() + 1L);
    if (pairs <= mostPairs || source.size() < 2) {
      trace(source, target, to);
      return;
    }
    int middle = source.size() / 2;
    List<T> first = source.subList(0, middle);
    List<T> rest = source.subList(middle, source.size());
    long[] before = lastRow(first, target);
    long[] after = lastRow(reversed(rest), reversed(target));
    int split = 0;
    for (int j = 1; j <= target.size(); j++) {
      long cost = before[j] + after[target.size() - j];
      if (cost < before[split] + after[target.size() - split]) {
        split = j;
      }
    }
    add(first, target.subList(0, split), to);
    add(rest, target.subList(split, target.size()), to);
  }

  private List<T> reversed(List<T> list) {
    List<T> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }

  /** Least costs from the whole source to each beginning of the target. */
  private long[] lastRow(List<T> source, List<T> target) {
    long[] row = firstRow(target.size());
    for (T old : source) {
      next(row, old, target, null);
    }
    return row;
  }

  private long[] firstRow(int target) {
    long[] row = new long[target + 1];
    for (int j = 1; j <= target; j++) {
      row[j] = row[j - 1] + costs.insert();
    }
    return row;
  }

  /** Goes to the next row of costs in place, and notes the last step to each. */
  private void next(long[] row, T old, List<T> target, byte @Nullable [] steps) {
    long diagonal = row[0];
    row[0] += costs.delete();
    for (int j = 1; j <= target.size(); j++) {
      boolean same = old.equals(target.get(j - 1));
      long best = diagonal + (same ? 0 : costs.replace());
      byte step = same ? KEEP : REPLACE;
      if (row[j] + costs.delete() < best) {
        best = row[j] + costs.delete();
        step = DELETE;
      }
      if (row[j - 1] + costs.insert() < best) {
        best = row[j - 1] + costs.insert();
        step = INSERT;
      }
      diagonal = row[j];
      row[j] = best;
      if (steps != null) {
        steps[j] = step;
      }
    }
  }

  private void trace(List<T> source, List<T> target, List<Edit<T>> to) {
    byte[][] steps = new byte[source.size()][target.size() + 1];
    long[] row = firstRow(target.size());
    for (int i = 0; i < source.size(); i++) {
      steps[i][0] = DELETE;
      next(row, source.get(i), target, steps[i]);
    }
    List<Edit<T>> backwards = new ArrayList<>();
    int i = source.size();
    int j = target.size();
    while (i > 0 || j > 0) {
      byte step = i == 0 ? INSERT : steps[i - 1][j];
      if (step == INSERT) {
        backwards.add(new Edit.Insert<>(target.get(--j)));
      } else if (step == DELETE) {
        backwards.add(new Edit.Delete<>(source.get(--i)));
      } else {
        T piece = target.get(--j);
        T old = source.get(--i);
        backwards.add(step == KEEP ? new Edit.Keep<>(piece) : new Edit.Replace<>(old, piece));
      }
    }
    Collections.reverse(backwards);
    to.addAll(backwards);
  }
}
