package org.alignment4j.interp.feature;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Every token at which one feature is above zero. Grows; one thread at a time. */
final class FeatureFirings {
  private float[] values = new float[16];
  private int[] texts = new int[16];
  private int[] positions = new int[16];
  private int size;

  /**
   * One token.
   *
   * @param text which text
   * @param position in it
   * @param value the activation
   */
  record Firing(int text, int position, float value) {}

  void add(int text, int position, float value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      texts = Arrays.copyOf(texts, 2 * size);
      positions = Arrays.copyOf(positions, 2 * size);
    }
    values[size] = value;
    texts[size] = text;
    positions[size] = position;
    size++;
  }

  int size() {
    return size;
  }

  /** All of them, the strongest first; of equal ones the first in the texts. */
  List<Firing> descending() {
    return IntStream.range(0, size)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
        .map(i -> new Firing(texts[i], positions[i], values[i]))
        .toList();
  }

  FeatureDashboard.Histogram histogram(int bins) {
    float largest = 0;
    for (int i = 0; i < size; i++) {
      largest = Math.max(largest, values[i]);
    }
    long[] counts = new long[bins];
    for (int i = 0; i < size; i++) {
      counts[Math.min((int) ((double) values[i] / largest * bins), bins - 1)]++;
    }
    return new FeatureDashboard.Histogram(largest, ImmutableLongArray.copyOf(counts));
  }
}
