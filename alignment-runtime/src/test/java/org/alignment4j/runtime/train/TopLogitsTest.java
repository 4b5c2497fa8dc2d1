package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The likeliest tokens against the log-probabilities of labels. */
class TopLogitsTest {

  /** Logits of one row differ as the log-probabilities of its tokens do. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void allOfThemAreTheWholeDistributionInOrder(String name) throws Exception {
    MicroBatch given = TrainFixture.load(name).padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/" + name)) {
      int vocab = model.architecture.config().vocabSize();
      TopLogits all = TopLogits.of(model.engine, model.bound, null, vocab, given);
      TopLogits few = TopLogits.of(model.engine, model.bound, null, 3, given);
      assertThat(all.tokens()).hasSize(given.rows().length * vocab);
      for (int row = 0; row < given.rows().length; row++) {
        int from = row * vocab;
        Set<Integer> seen = new HashSet<>();
        double total = 0;
        for (int i = from; i < from + vocab; i++) {
          seen.add(all.tokens()[i]);
          total += Math.exp(all.logits()[i] - all.logits()[from]);
          assertThat(i == from || all.logits()[i] <= all.logits()[i - 1]).isTrue();
        }
        assertThat(seen).as("every token once").hasSize(vocab);
        long[] rows = new long[3];
        Arrays.fill(rows, given.rows()[row]);
        long[] labels = new long[3];
        for (int i = 0; i < 3; i++) {
          labels[i] = few.tokens()[row * 3 + i];
          assertThat(few.tokens()[row * 3 + i]).isEqualTo(all.tokens()[from + i]);
        }
        float[] logProbs =
            LabelLogProbs.of(
                model.engine, model.bound, new MicroBatch(given.tokens(), rows, labels, Map.of()));
        for (int i = 0; i < 3; i++) {
          double expected = all.logits()[from + i] - all.logits()[from] - Math.log(total);
          assertThat((double) logProbs[i]).isCloseTo(expected, within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100_000_000})
  void countsOutOfRangeAreRefused(int count) throws Exception {
    MicroBatch given = TrainFixture.load("gpt2-tiny").padded();
    try (DecoderFixture model = DecoderFixture.load("fixtures/models/gpt2-tiny")) {
      assertThatThrownBy(() -> TopLogits.of(model.engine, model.bound, null, count, given))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("count must be in [1, ")
          .hasMessageContaining("but was " + count);
    }
  }
}
