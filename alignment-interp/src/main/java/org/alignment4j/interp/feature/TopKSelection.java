package org.alignment4j.interp.feature;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * The indices of the largest numbers of a row; of equal ones the lowest index comes first. Pure
 * functions.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TopKSelection {
  private TopKSelection() {}

  /**
   * Selects.
   *
   * @param row numbers, none of them NaN
   * @param k how many at most
   * @return indices of the {@code min(k, positives)} largest positive numbers, ascending
   */
  public static int[] of(float[] row, int k) {
    return of(row, k, 0);
  }

  /**
   * Selects among the numbers above another.
   *
   * @param row numbers, none of them NaN
   * @param k how many at most
   * @param above what a number must exceed; negative infinity leaves out such numbers only
   * @return indices of the largest, ascending
   */
  public static int[] of(float[] row, int k, float above) {
    int[] heap = new int[Math.min(k, row.length)];
    int size = 0;
    for (int j = 0; j < row.length; j++) {
      if (!(row[j] > above)) {
        continue;
      }
      if (size < heap.length) {
        heap[size++] = j;
        up(row, heap, size - 1);
      } else if (size > 0 && row[j] > row[heap[0]]) {
        heap[0] = j;
        down(row, heap, size);
      }
    }
    int[] selected = Arrays.copyOf(heap, size);
    Arrays.sort(selected);
    return selected;
  }

  /** Whether {@code a} is to leave before {@code b}. */
  private static boolean worse(float[] row, int a, int b) {
    return row[a] < row[b] || (row[a] == row[b] && a > b);
  }

  private static void up(float[] row, int[] heap, int from) {
    int child = from;
    while (child > 0) {
      int parent = (child - 1) / 2;
      if (!worse(row, heap[child], heap[parent])) {
        return;
      }
      swap(heap, child, parent);
      child = parent;
    }
  }

  private static void down(float[] row, int[] heap, int size) {
    int parent = 0;
    while (true) {
      int child = 2 * parent + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && worse(row, heap[child + 1], heap[child])) {
        child++;
      }
      if (!worse(row, heap[child], heap[parent])) {
        return;
      }
      swap(heap, child, parent);
      parent = child;
    }
  }

  private static void swap(int[] heap, int a, int b) {
    int held = heap[a];
    heap[a] = heap[b];
    heap[b] = held;
  }
}
