package org.alignment4j.interp.feature.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.interp.feature.TopKSelection;

/** Selections against sorting everything. */
class BatchSelectionProperties {
  private static final RowChunks CHUNKS = new RowChunks(Runnable::run, 1);

  /** Few distinct numbers, so that ties abound. */
  private static float[] numbers(long seed, int count, boolean ties) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = ties ? random.nextInt(7) - 2 : (float) random.nextGaussian();
    }
    return values;
  }

  @Property
  void batchKeepsTheLargest(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 30) int width,
      @ForAll @IntRange(min = 0, max = 400) int count,
      @ForAll boolean ties) {
    float[] values = numbers(seed, rows * width, ties);
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    KeptFeatures.Kept kept =
        new KeptFeatures(CHUNKS, new float[width], ones)
            .ofBatch(FloatBuffer.wrap(values), rows, count);
    List<Integer> expected =
        IntStream.range(0, values.length)
            .boxed()
            .filter(i -> values[i] > 0)
            .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
            .limit(count)
            .sorted()
            .toList();
    List<Integer> found =
        IntStream.range(0, rows)
            .boxed()
            .flatMap(row -> Arrays.stream(kept.rows().indices[row]).mapToObj(j -> row * width + j))
            .toList();
    assertThat(found).isEqualTo(expected);
    double smallest = expected.stream().mapToDouble(i -> values[i]).min().orElse(Double.NaN);
    assertThat(Double.compare(kept.smallest(), smallest)).isZero();
  }

  @Property
  void rowKeepsTheLargest(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 70) int k,
      @ForAll boolean ties) {
    float[] row = numbers(seed, width, ties);
    int[] expected =
        IntStream.range(0, width)
            .boxed()
            .filter(i -> row[i] > 0)
            .sorted(Comparator.comparingDouble((Integer i) -> -row[i]))
            .limit(k)
            .mapToInt(i -> i)
            .sorted()
            .toArray();
    assertThat(TopKSelection.of(row, k)).isEqualTo(expected);
  }
}
