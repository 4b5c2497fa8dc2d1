package org.alignment4j.interp.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of neurons shown by hand, and what is refused. */
final class NeuronObserversTest {

  private static final TokenIds TOKENS = TokenIds.of(0, 5, 6, 7, 8);

  @Test
  void aNeuronAtRestHasNotFired() {
    NeuronStatistics statistics = new NeuronStatistics(Set.of(0));
    float[][] shown = {{9, 9, 9}, {0, 1, -1}, {0, 0, -2}, {-0f, 2, 0}, {0, Float.MIN_VALUE, 3}};
    for (int p = 0; p < shown.length; p++) {
      statistics.observe(0, TOKENS, p, shown[p]);
    }
    assertThat(statistics.tokens()).isEqualTo(4);
    assertThat(statistics.summary(0).firingRate()).isZero();
    assertThat(statistics.summary(1).firingRate()).isEqualTo(0.75);
    assertThat(statistics.summary(2).firingRate()).isEqualTo(0.25);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteChangesNothing(float bad) {
    NeuronStatistics statistics = new NeuronStatistics(Set.of());
    TopExamples greatest = TopExamples.greatest(2, Set.of());
    TopExamples least = TopExamples.least(2, Set.of());
    List<NeuronObserver> observers = List.of(statistics, greatest, least);
    observers.forEach(each -> each.observe(0, TOKENS, 1, new float[] {3, 1}));
    for (NeuronObserver each : observers) {
      assertThatThrownBy(() -> each.observe(4, TOKENS, 2, new float[] {5, bad}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be finite but neuron 1 was " + bad)
          .hasMessageContaining("position 2 of sequence 4");
    }
    observers.forEach(each -> each.observe(1, TOKENS, 3, new float[] {4, 2}));
    assertThat(statistics.tokens()).isEqualTo(2);
    assertThat(statistics.summary(0).mean()).isCloseTo(3.5, within(1e-12));
    assertThat(statistics.summary(0).maximum()).isEqualTo(4);
    assertThat(statistics.summary(1).mean()).isCloseTo(1.5, within(1e-12));
    assertThat(statistics.quantile(0, 1)).isCloseTo(4, within(0.04));
    assertThat(greatest.of(0)).extracting(NeuronExample::activation).containsExactly(4.0, 3.0);
    assertThat(greatest.of(1)).extracting(NeuronExample::activation).containsExactly(2.0, 1.0);
    assertThat(least.of(1)).extracting(NeuronExample::activation).containsExactly(1.0, 2.0);
  }

  /** A token without a number in the second sequence of the second batch; attention spreads it. */
  @Test
  void aScanNamesWhereAModelOverflows() {
    try (DecoderModel random = RandomModels.create("gpt2")) {
      WeightTensor table = random.weights().get("transformer.wte.weight");
      float[] numbers = new float[table.size()];
      table.data().get(numbers);
      int width = numbers.length / RandomModels.VOCABULARY;
      Arrays.fill(numbers, 7 * width, 8 * width, Float.NaN);
      try (DecoderModel model =
          random.withWeights(
              random
                  .weights()
                  .with(WeightTensor.of("transformer.wte.weight", table.shape(), numbers)))) {
        List<TokenIds> corpus =
            List.of(
                TokenIds.of(1, 2),
                TokenIds.of(3, 4, 5),
                TokenIds.of(6, 8),
                TokenIds.of(9, 10, 7, 11));
        List<Long> seen = new ArrayList<>();
        NeuronObserver observer = (sequence, tokens, position, neurons) -> seen.add(sequence);
        assertThatThrownBy(
                () ->
                    new CorpusScan(2)
                        .run(model, corpus, Map.of(1, observer), CancellationToken.none()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("activations at blocks.1.mlp.hook_post")
            .hasMessageContaining("neuron 0 was NaN at position 0 of sequence 3")
            .hasMessageContaining("look for an overflow");
        assertThat(seen).containsExactly(0L, 0L, 1L, 1L, 1L, 2L, 2L);
      }
    }
  }
}
