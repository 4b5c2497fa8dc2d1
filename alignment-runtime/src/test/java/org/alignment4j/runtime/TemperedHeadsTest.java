package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.TopLogits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A temperature divides logits, biases and caps included, for every family. */
class TemperedHeadsTest {

  private static final double[] TEMPERATURES = {0.6, 1.7};
  private static final int VOCAB = 43;

  static Stream<Arguments> cases() {
    return RecomputationTest.cases();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void logProbabilitiesAreThoseOfDividedLogits(String name, Map<String, Object> keys) {
    ConfigJson config = RandomModels.config(keys);
    int[] tokens = RotaryFamilies.tokens(9, 3, VOCAB);
    long[] rows = {2, 5, 8};
    long[] labels = {4, 11, 30};
    MicroBatch batch =
        new MicroBatch(TokenBatch.rightPadded(List.of(tokens)), rows, labels, Map.of());
    try (DecoderModel model =
            DecoderModel.of(config, RotaryFamilies.weights(config, 0.25), null, TestModels.CPU);
        BoundWeights weights = BoundWeights.of(model.engine().runtime(), model.weights())) {
      int vocab = model.architecture().config().vocabSize();
      TopLogits logits = TopLogits.of(model.engine(), weights, null, vocab, batch);
      for (double temperature : TEMPERATURES) {
        float[] actual = LabelLogProbs.of(model.engine(), weights, null, temperature, batch);
        for (int i = 0; i < rows.length; i++) {
          assertThat((double) actual[i])
              .isCloseTo(expected(logits, i, vocab, labels[i], temperature), within(2e-5));
        }
      }
    }
  }

  private static double expected(
      TopLogits logits, int row, int vocab, long label, double temperature) {
    double[] z = new double[vocab];
    for (int k = 0; k < vocab; k++) {
      z[logits.tokens()[row * vocab + k]] = logits.logits()[row * vocab + k] / temperature;
    }
    double max = Arrays.stream(z).max().orElseThrow();
    double sum = Arrays.stream(z).map(v -> Math.exp(v - max)).sum();
    return z[(int) label] - max - Math.log(sum);
  }
}
