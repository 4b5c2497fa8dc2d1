package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientAccumulatorTest {

  private static final int SIZE = 3 * Blocks.SIZE / 2;

  private static void write(GradientAccumulator accumulator, float factor) {
    FlatParameters target = accumulator.next();
    for (int i = 0; i < SIZE; i++) {
      target.slice("w").put(i, factor * i);
    }
    accumulator.add();
  }

  @Test
  void sumsEveryMicroBatchSinceTheLastReset() {
    FlatLayout layout = FlatLayout.of(Map.of("w", List.of(SIZE)));
    GradientAccumulator accumulator = new GradientAccumulator(layout, Runnable::run, 2);
    write(accumulator, 100);
    accumulator.reset();
    write(accumulator, 1);
    write(accumulator, 2);
    write(accumulator, 4);
    for (int i = 0; i < SIZE; i++) {
      assertThat(accumulator.sum().slice("w").get(i)).isEqualTo(7f * i);
    }
  }

  @Test
  void hasNoSumBeforeTheFirstMicroBatch() {
    FlatLayout layout = FlatLayout.of(Map.of("w", List.of(4)));
    GradientAccumulator accumulator = new GradientAccumulator(layout, Runnable::run, 1);
    assertThatIllegalStateException()
        .isThrownBy(accumulator::sum)
        .withMessageContaining("at least one micro-batch");
  }
}
