package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientAccumulatorTest {
  private final FlatLayout layout = FlatLayout.of(Map.of("w", List.of(2)));
  private final GradientAccumulator accumulator = new GradientAccumulator(layout, Runnable::run, 1);

  private FlatParameters gradients(float a, float b) {
    FlatParameters gradients = FlatParameters.zeros(layout);
    gradients.slice("w").put(0, a).put(1, b);
    return gradients;
  }

  @Test
  void sumsOverTokensWhateverTheMicroBatches() {
    accumulator.add(gradients(3, 1), 1, 3);
    accumulator.add(gradients(1, -5), 1, 1);
    assertThat(accumulator.sum().slice("w").get(0) * accumulator.scale()).isEqualTo(1);
    assertThat(accumulator.sum().slice("w").get(1) * accumulator.scale()).isEqualTo(-1);
  }

  @Test
  void meansAreWeightedByTheFactor() {
    accumulator.add(gradients(2, 0), 3, 3);
    accumulator.add(gradients(6, 0), 1, 1);
    assertThat(accumulator.sum().slice("w").get(0) * accumulator.scale()).isEqualTo(3);
  }

  @Test
  void resetForgets() {
    accumulator.add(gradients(2, 2), 1, 1);
    accumulator.reset();
    assertThatThrownBy(accumulator::sum).isInstanceOf(IllegalStateException.class);
    accumulator.add(gradients(1, 1), 1, 1);
    assertThat(accumulator.sum().slice("w").get(0)).isEqualTo(1);
  }

  @Test
  void noTrainedTokenIsAnError() {
    accumulator.add(gradients(0, 0), 1, 0);
    assertThatThrownBy(accumulator::scale)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no micro-batch had a trained token");
    assertThatThrownBy(() -> accumulator.add(gradients(0, 0), 1, -1))
        .hasMessageContaining("but was -1.0");
  }
}
