package org.alignment4j.core.statistics;

/** The least of many values, so many of them: a heap with the greatest of these at the top. */
final class LeastValues {

  private final double[] heap;
  private int size;

  /**
   * Nothing yet.
   *
   * @param most how many are kept, positive
   */
  LeastValues(int most) {
    heap = new double[most];
  }

  void add(double value) {
    if (size < heap.length) {
      rise(value);
    } else if (value < heap[0]) {
      sink(value);
    }
  }

  private void rise(double value) {
    int at = size++;
    while (at > 0 && heap[(at - 1) / 2] < value) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = value;
  }

  private void sink(double value) {
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (child >= size || heap[child] <= value) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = value;
  }

  /** The greatest of those kept. */
  double last() {
    return heap[0];
  }

  /** The one before it in order; itself where it is alone. */
  double secondLast() {
    if (size < 2) {
      return heap[0];
    }
    return size < 3 ? heap[1] : Math.max(heap[1], heap[2]);
  }
}
