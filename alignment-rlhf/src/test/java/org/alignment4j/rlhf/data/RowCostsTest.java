package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Costs of an architecture against its weights, and of runs against sums written out. */
class RowCostsTest {

  private static final int LAYERS = 3;
  private static final int HIDDEN = 24;

  private static Architecture architecture(ConfigJson config) {
    return DecoderFamilies.read(config, null, Set.of());
  }

  private static ConfigJson config(String family) {
    return TestModels.config(family, 61, HIDDEN, LAYERS, 48);
  }

  /** A position passes every matrix of every block once. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2"})
  void aPositionCostsTheMatricesOfTheBlocks(String family) {
    Architecture architecture = architecture(config(family));
    double elements =
        architecture.parameters().stream()
            .filter(p -> p.shape().length == 2)
            .filter(p -> p.name().matches(".*\\.\\d+\\..*"))
            .mapToDouble(Parameter::size)
            .sum();
    assertThat(elements).isPositive();
    assertThat(RowCosts.of(architecture.config()).position()).isEqualTo(elements);
  }

  /** Two heads of 12: a product with the key and one with the value, and 32 for a softmax. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "gpt2"})
  void aPairCostsItsProductsAndSoftmaxes(String family) {
    RowCosts costs = RowCosts.of(architecture(config(family)).config());
    assertThat(costs.pair()).isEqualTo(LAYERS * 2 * (12 + 12 + 32));
    assertThat(costs.pairBytes()).isEqualTo(4L * LAYERS * 2);
  }

  /**
   * The residual stream and its normalisation before attention and before the MLP; queries as
   * projected and as turned, attended values, and their projection's input; keys and values, and
   * them again behind a shared prompt; the MLP's floats, which are 32 wide for Llama and 96 for
   * GPT-2.
   */
  @ParameterizedTest
  @CsvSource({"llama, 24, 32, 4", "gpt2, 48, 96, 3"})
  void aPositionKeepsItsBlocks(String family, int keysAndValues, int mlp, int copies) {
    RowCosts costs = RowCosts.of(architecture(config(family)).config());
    long floats = 4L * HIDDEN + 4 * HIDDEN + 3L * keysAndValues + (long) copies * mlp;
    assertThat(costs.positionBytes()).isEqualTo(4 * LAYERS * floats);
    assertThat(costs.sharedPrefixes()).isTrue();
  }

  @Test
  void onlySequencesOfTheTrainedLengthShareWhereFrequenciesDependOnIt() {
    assertThat(RowCosts.of(architecture(config("llama")).config()).sharedLength())
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(RowCosts.of(architecture(config("gpt2")).config()).sharedLength())
        .isEqualTo(Integer.MAX_VALUE);
    ConfigJson dynamic =
        config("llama").with("rope_scaling", Map.of("type", "dynamic", "factor", 2.0));
    assertThat(RowCosts.of(architecture(dynamic).config()).sharedLength()).isEqualTo(48);
  }

  @Test
  void runsCostTheirPositionsAndPairs() {
    RowCosts costs = new RowCosts(7, 3, 5, 11, true, 64);
    assertThat(costs.of(10, 20)).isEqualTo(7 * 42 + 3 * 20);
    assertThat(costs.of(0, 0)).as("what a run costs by itself").isEqualTo(7 * 32);
    assertThat(costs.run(2, 10)).isEqualTo(7 * 52 + 3 * 200);
    assertThat(costs.bytes(2, 10)).isEqualTo(5 * 200);
    assertThat(new RowCosts(7, 3, 1L << 40, 11, true, 64).bytes(1 << 20, 1 << 20))
        .isEqualTo(Math.pow(2, 100));
    assertThat(costs.run(1 << 20, 1 << 12))
        .isEqualTo(7 * (Math.pow(2, 32) + 32) + 3 * Math.pow(2, 44));
    assertThat(costs.inRows()).isEqualTo(new RowCosts(7, 3, 5, 11, false, 64));
  }

  @Test
  void costsArePositive() {
    for (double[] bad :
        List.of(
            new double[] {0, 1, 1, 1, 1},
            new double[] {Double.NaN, 1, 1, 1, 1},
            new double[] {1, 0, 1, 1, 1},
            new double[] {1, -1, 1, 1, 1},
            new double[] {1, 1, 0, 1, 1},
            new double[] {1, 1, 1, 0, 1},
            new double[] {1, 1, 1, 1, 0})) {
      assertThatThrownBy(
              () -> new RowCosts(bad[0], bad[1], (long) bad[2], (long) bad[3], true, (int) bad[4]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "costs must be positive but were %s, %s, %s, %s and %s"
                  .formatted(bad[0], bad[1], (long) bad[2], (long) bad[3], (int) bad[4]));
    }
    assertThat(new RowCosts(1e-9, 1e-9, 1, 1, true, 1).sharedLength()).isEqualTo(1);
  }
}
