package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.GptFamilies;
import org.alignment4j.runtime.NaiveGptDecoder;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.engine.LoraInputs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every step of both ways to decode ragged batches, against {@link NaiveGptDecoder}. */
class GptFamiliesSessionTest {

  private static final int[] LENGTHS = {5, 17, 1, 26};
  private static final int STEPS = 6;
  private static final int CAPACITY = 40;
  private static final float TOLERANCE = 1e-4f;

  static List<String> names() {
    return GptFamilies.names();
  }

  /** Those whose heads and scores the fused kernel can express. */
  static List<String> fused() {
    return names().stream().filter(n -> !n.startsWith("bloom") && !narrow(n)).toList();
  }

  private static boolean narrow(String name) {
    return name.contains("narrow head") || name.contains("no window");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void cached(String name) {
    try (DecoderFixture fixture =
        DecoderFixture.of(GptFamilies.config(name), GptFamilies.weights(name))) {
      DecoderInstance model =
          DecoderInstance.bind(fixture.engine, fixture.weights, LoraInputs.none());
      decodes(DecodeSessions.cached(model, Instrumentation.none()), name, fixture.weights);
      model.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fused")
  void groupedQuery(String name) {
    try (DecoderFixture fixture =
        DecoderFixture.of(GptFamilies.config(name), GptFamilies.weights(name))) {
      DecoderInstance model =
          DecoderInstance.bind(fixture.engine, fixture.weights, LoraInputs.none());
      decodes(DecodeSessions.groupedQuery(model), name, fixture.weights);
      model.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bloom, three heads"})
  void linearBiasesNeverReachTheFusedKernel(String name) {
    try (DecoderFixture fixture =
        DecoderFixture.of(GptFamilies.config(name), GptFamilies.weights(name))) {
      assertThat(fixture.architecture.config().headDim()).isEqualTo(8);
      DecoderInstance model =
          DecoderInstance.bind(fixture.engine, fixture.weights, LoraInputs.none());
      int[] one = {0};
      assertThatThrownBy(() -> DecodeSessions.groupedQuery(model).open(one, CAPACITY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("linear biases");
      decodes(DecodeSessions.of(model, Instrumentation.none()), name, fixture.weights);
      model.close();
    }
  }

  private static int token(int row, int step) {
    return 3 + (row * 31 + step * 7) % (GptFamilies.VOCAB - 3);
  }

  private static void decodes(DecodeSession.Factory factory, String name, Weights weights) {
    NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), weights);
    int[][] sequences = new int[LENGTHS.length][];
    for (int row = 0; row < LENGTHS.length; row++) {
      sequences[row] = GptFamilies.tokens(LENGTHS[row], row);
    }
    int[] rows = {0, 1, 2, 3};
    try (DecodeSession session = factory.open(rows, CAPACITY)) {
      float[] logits = session.prefill(List.of(sequences));
      for (int s = 0; s < STEPS; s++) {
        for (int b = 0; b < rows.length; b++) {
          double[][] expected = naive.logits(sequences[rows[b]]);
          double[] last = expected[expected.length - 1];
          for (int v = 0; v < last.length; v++) {
            assertThat(logits[b * last.length + v])
                .isCloseTo((float) last[v], within(TOLERANCE * (1 + (float) Math.abs(last[v]))));
          }
        }
        if (s == 2) {
          session.select(new int[] {0, 3, 2});
          rows = new int[] {0, 3, 2};
        }
        int[] next = new int[rows.length];
        for (int b = 0; b < rows.length; b++) {
          int[] sequence = sequences[rows[b]];
          next[b] = token(rows[b], s);
          sequences[rows[b]] = Arrays.copyOf(sequence, sequence.length + 1);
          sequences[rows[b]][sequence.length] = next[b];
        }
        logits = session.step(next);
      }
    }
  }
}
