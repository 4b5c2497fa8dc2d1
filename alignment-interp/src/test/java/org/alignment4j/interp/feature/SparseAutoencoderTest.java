package org.alignment4j.interp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.interp.feature.SaeActivation.Gated;
import org.alignment4j.interp.feature.SaeActivation.JumpRelu;
import org.alignment4j.interp.feature.SaeActivation.Relu;
import org.alignment4j.interp.feature.SaeActivation.TopK;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SparseAutoencoderTest {
  private static final int SIZE = 7;
  private static final int WIDTH = 19;

  static Stream<SaeConfig> configs() {
    Stream<SaeConfig> autoencoders =
        Stream.of(new Relu(), new Gated(), new JumpRelu(), new TopK(4, false), new TopK(4, true))
            .flatMap(
                activation ->
                    Stream.of(InputNormalisation.values())
                        .map(
                            n ->
                                RandomSae.config(
                                    SIZE, WIDTH, activation, n, HookPoints.residPost(0))));
    return Stream.concat(
        autoencoders,
        Stream.of(
            RandomSae.transcoder(SIZE, 5, WIDTH, new Relu(), false),
            RandomSae.transcoder(SIZE, 5, WIDTH, new Relu(), true),
            RandomSae.transcoder(SIZE, 5, WIDTH, new JumpRelu(), false),
            RandomSae.transcoder(SIZE, 5, WIDTH, new TopK(3, true), true)));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void agreesWithTheDefinition(SaeConfig config) {
    SparseAutoencoder sae = RandomSae.of(config, 1);
    INDArray rows = RandomSae.rows(23, SIZE, 2);
    INDArray features = sae.encode(rows);
    INDArray predictions = sae.decode(features, rows);
    for (int n = 0; n < 23; n++) {
      double[] row = RandomSae.row(rows, n);
      double[] f = RandomSae.features(sae, row);
      double[] y = RandomSae.prediction(sae, f, row);
      for (int j = 0; j < WIDTH; j++) {
        assertThat(features.getDouble(n, j)).isCloseTo(f[j], within(2e-5));
      }
      for (int i = 0; i < y.length; i++) {
        assertThat(predictions.getDouble(n, i)).isCloseTo(y[i], within(1e-4));
      }
    }
    assertThat(sae.reconstruct(rows)).isEqualTo(predictions);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void decodingIsAffine(SaeConfig config) {
    SparseAutoencoder sae = RandomSae.of(config, 1);
    INDArray rows = RandomSae.rows(3, SIZE, 2);
    INDArray a = RandomSae.rows(3, WIDTH, 3);
    INDArray b = RandomSae.rows(3, WIDTH, 4);
    INDArray mixed = sae.decode(a.mul(0.3).add(b.mul(0.7)), rows);
    INDArray apart = sae.decode(a, rows).mul(0.3).add(sae.decode(b, rows).mul(0.7));
    assertThat(mixed.sub(apart).amaxNumber().doubleValue()).isLessThan(1e-5);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void foldingTheDecoderChangesNoPrediction(SaeConfig config) {
    SparseAutoencoder sae = RandomSae.of(config, 1);
    if (config.activation() instanceof TopK topK && !topK.rescaledByDecoderNorm()) {
      assertThatThrownBy(sae::foldDecoderNorm)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not rescaled");
      return;
    }
    SparseAutoencoder folded = sae.foldDecoderNorm();
    INDArray rows = RandomSae.rows(9, SIZE, 2);
    assertThat(folded.reconstruct(rows).sub(sae.reconstruct(rows)).amaxNumber().doubleValue())
        .isLessThan(1e-5);
    for (int j = 0; j < WIDTH; j++) {
      assertThat(RandomSae.norm(folded, j)).isCloseTo(1, within(1e-6));
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void foldingTheScaleIsScalingTheInput(SaeConfig config) {
    SparseAutoencoder sae = RandomSae.of(config, 1);
    if (config.normalisation().perRow()) {
      assertThatThrownBy(() -> sae.foldInputScale(2))
          .hasMessageContaining("must scale all inputs alike");
      return;
    }
    SparseAutoencoder folded = sae.foldInputScale(1.7);
    INDArray rows = RandomSae.rows(9, SIZE, 2);
    INDArray expected = sae.reconstruct(rows.mul(1.7f));
    if (config.site().target().isEmpty()) {
      expected = expected.div(1.7f);
    }
    assertThat(folded.reconstruct(rows).sub(expected).amaxNumber().doubleValue()).isLessThan(1e-5);
    assertThat(folded.config().normalisation()).isEqualTo(InputNormalisation.NONE);
  }

  @Test
  void normalisationRoundTrip() {
    for (InputNormalisation normalisation : InputNormalisation.values()) {
      float[] rows = Values.of(RandomSae.rows(5, SIZE, 2).mul(30)).toArray();
      float[] scaled = rows.clone();
      RowScales scales = normalisation.normalise(scaled, SIZE);
      for (int n = 0; n < 5 && normalisation.perRow(); n++) {
        double squares = 0;
        for (int i = 0; i < SIZE; i++) {
          squares += Math.pow(scaled[n * SIZE + i], 2);
        }
        double expected = normalisation == InputNormalisation.LAYER_NORM ? SIZE - 1 : SIZE;
        assertThat(squares).isCloseTo(expected, within(1e-4));
      }
      scales.restore(scaled, SIZE);
      for (int i = 0; i < rows.length; i++) {
        assertThat(scaled[i]).isCloseTo(rows[i], within(1e-4f));
      }
    }
  }

  @Test
  void rowOfZerosStays() {
    float[] rows = new float[SIZE];
    for (InputNormalisation normalisation : InputNormalisation.values()) {
      normalisation.normalise(rows, SIZE);
      assertThat(rows).containsOnly(0);
    }
  }

  @Test
  void topKKeepsExactlyAsManyAsArePositive() {
    INDArray rows = RandomSae.rows(50, SIZE, 2);
    SaeConfig all = RandomSae.config(SIZE, WIDTH, new Relu());
    INDArray positive = RandomSae.of(all, 1).encode(rows);
    for (int k : List.of(1, 4, WIDTH - 1, WIDTH, WIDTH + 5)) {
      INDArray kept = RandomSae.of(all.activation(new TopK(k, false)), 1).encode(rows);
      for (int n = 0; n < 50; n++) {
        assertThat(positives(kept, n)).isEqualTo(Math.min(k, positives(positive, n)));
      }
    }
  }

  private static int positives(INDArray features, int n) {
    int count = 0;
    for (int j = 0; j < WIDTH; j++) {
      count += features.getFloat(n, j) > 0 ? 1 : 0;
    }
    return count;
  }

  @Test
  void jumpReluOfThresholdZeroIsRelu() {
    SaeConfig config = RandomSae.config(SIZE, WIDTH, new JumpRelu());
    Map<String, Values> tensors = new LinkedHashMap<>(RandomSae.of(config, 1).tensors());
    tensors.put("threshold", Values.vector(new float[WIDTH]));
    INDArray rows = RandomSae.rows(9, SIZE, 2);
    INDArray jump = SparseAutoencoder.of(config, tensors).encode(rows);
    tensors.remove("threshold");
    assertThat(jump)
        .isEqualTo(SparseAutoencoder.of(config.activation(new Relu()), tensors).encode(rows));
  }

  @Test
  void directionIsWhatAUnitOfTheFeatureAdds() {
    for (SaeActivation activation : List.of(new Relu(), new TopK(3, true))) {
      SparseAutoencoder sae = RandomSae.of(RandomSae.config(SIZE, WIDTH, activation), 1);
      INDArray rows = RandomSae.rows(1, SIZE, 2);
      INDArray none = Nd4j.zeros(org.nd4j.linalg.api.buffer.DataType.FLOAT, 1, WIDTH);
      INDArray one = none.dup();
      one.putScalar(0, 11, 1);
      INDArray difference = sae.decode(one, rows).sub(sae.decode(none, rows));
      for (int i = 0; i < SIZE; i++) {
        assertThat(sae.direction(11).get(i)).isCloseTo(difference.getFloat(0, i), within(1e-6f));
      }
    }
  }

  @Test
  void hashTellsWeightsApart() {
    SaeConfig config = RandomSae.config(SIZE, WIDTH, new Relu());
    assertThat(RandomSae.of(config, 1).contentHash())
        .isEqualTo(RandomSae.of(config, 1).contentHash())
        .isNotEqualTo(RandomSae.of(config, 2).contentHash())
        .isNotEqualTo(RandomSae.of(config.activation(new TopK(3, false)), 1).contentHash());
  }

  @Test
  void badRows() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(SIZE, WIDTH, new Relu()), 1);
    INDArray rows = RandomSae.rows(3, SIZE, 2);
    rows.putScalar(1, 4, Float.NaN);
    assertThatThrownBy(() -> sae.encode(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows must be finite but the value at row 1, column 4 was NaN");
    assertThatThrownBy(() -> sae.encode(RandomSae.rows(3, SIZE + 1, 2)))
        .hasMessageContaining("rows must have shape [n, 7] with at least one row but had [3, 8]");
    assertThatThrownBy(() -> sae.decode(RandomSae.rows(2, WIDTH, 1), RandomSae.rows(3, SIZE, 1)))
        .hasMessageContaining("as many rows");
  }

  @Test
  void badTensors() {
    SaeConfig config = RandomSae.config(SIZE, WIDTH, new Relu());
    Map<String, Values> tensors = new LinkedHashMap<>(RandomSae.of(config, 1).tensors());
    tensors.put("W_enc", Values.of(new int[] {WIDTH, SIZE}, new float[WIDTH * SIZE]));
    assertThatThrownBy(() -> SparseAutoencoder.of(config, tensors))
        .hasMessageContaining("W_enc must have shape [7, 19] but was Values[19, 7]");
    tensors.remove("W_enc");
    assertThatThrownBy(() -> SparseAutoencoder.of(config, tensors))
        .hasMessageContaining("tensors must be");
    Map<String, Values> infinite = new LinkedHashMap<>(RandomSae.of(config, 1).tensors());
    float[] bias = new float[WIDTH];
    bias[5] = Float.POSITIVE_INFINITY;
    infinite.put("b_enc", Values.vector(bias));
    assertThatThrownBy(() -> SparseAutoencoder.of(config, infinite))
        .hasMessageContaining("b_enc must be finite but the value at row 5");
  }

  @Test
  void badPlace() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(SIZE, WIDTH, new Relu()), 1);
    sae.requireFits("m", HookPoints.residPost(0), SIZE);
    assertThatThrownBy(() -> sae.requireFits("other", HookPoints.residPre(1), 64))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model 'm', not 'other'")
        .hasMessageContaining("reads blocks.0.hook_resid_post, not blocks.1.hook_resid_pre")
        .hasMessageContaining("vectors of 7, not of 64");
    assertThatThrownBy(() -> sae.direction(WIDTH))
        .hasMessageContaining("feature must be in [0, 18] but was 19");
    assertThatThrownBy(() -> SaeSite.of("m", HookPoints.pattern(0)))
        .hasMessageContaining("needs a hook point with positions");
    assertThatThrownBy(() -> SaeSite.of(" ", HookPoints.residPost(0)))
        .hasMessageContaining("modelName");
  }

  @Test
  void badConfigurations() {
    SaeSite site = SaeSite.of("m", HookPoints.residPost(0));
    SaeSite through = SaeSite.transcoder("m", HookPoints.mlpIn(0), HookPoints.mlpOut(0));
    assertThatThrownBy(
            () -> new SaeConfig(4, 5, 6, new Relu(), InputNormalisation.NONE, true, false, site))
        .hasMessageContaining("outputSize must be inputSize 4 but was 5");
    assertThatThrownBy(
            () -> new SaeConfig(4, 4, 6, new Relu(), InputNormalisation.NONE, true, true, site))
        .hasMessageContaining("skip must be false");
    assertThatThrownBy(
            () -> new SaeConfig(4, 4, 6, new Relu(), InputNormalisation.NONE, true, false, through))
        .hasMessageContaining("subtractsDecoderBias must be false for a transcoder");
    assertThatThrownBy(
            () ->
                new SaeConfig(
                    4, 4, 6, new Relu(), InputNormalisation.LAYER_NORM, false, false, through))
        .hasMessageContaining("must be none or expected_average_only_in but was layer_norm");
    assertThatThrownBy(
            () -> new SaeConfig(4, 4, 0, new Relu(), InputNormalisation.NONE, true, false, site))
        .hasMessageContaining("width must be positive but was 0");
    assertThatThrownBy(() -> new TopK(0, true)).hasMessageContaining("k must be at least 1");
    assertThatThrownBy(() -> InputNormalisation.of("rms")).hasMessageContaining("but was 'rms'");
  }
}
