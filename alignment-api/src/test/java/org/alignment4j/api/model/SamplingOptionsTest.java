package org.alignment4j.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingOptionsTest {

  @Test
  void builderRoundTripsEveryOption() {
    SamplingOptions options =
        SamplingOptions.builder(7)
            .temperature(0.7)
            .topK(40)
            .topP(0.9)
            .minP(0.05)
            .typicalP(0.8)
            .epsilonCutoff(3e-4)
            .etaCutoff(2e-3)
            .repetitionPenalty(1.2)
            .noRepeatNgramSize(3)
            .stopStrings("\n", "Human:")
            .ignoreEos(true)
            .seed(11)
            .logProbs(true)
            .topLogProbs(5)
            .build();

    assertThat(options.toBuilder().build()).isEqualTo(options);
    assertThat(options.toBuilder().seed(12).build()).isNotEqualTo(options);
    assertThat(options.stopStrings()).containsExactly("\n", "Human:");
  }

  @Test
  void greedyHasTemperatureZeroAndChangesNothingElse() {
    assertThat(SamplingOptions.greedy(5))
        .isEqualTo(SamplingOptions.builder(5).temperature(0).build())
        .matches(SamplingOptions::isGreedy);
    assertThat(SamplingOptions.sampling(5, 1).isGreedy()).isFalse();
  }

  @Test
  void valuesOutsideTheirRangeAreNamed() {
    refused(b -> b.maxNewTokens(0), "maxNewTokens must be at least 1 but was 0");
    refused(b -> b.temperature(-0.1), "temperature must be finite and not negative but was -0.1");
    refused(b -> b.topK(-1), "topK must not be negative (0 keeps all) but was -1");
    refused(b -> b.minP(1.5), "minP must be in [0, 1] but was 1.5");
    refused(b -> b.typicalP(0), "typicalP must be in (0, 1] but was 0.0");
    refused(b -> b.epsilonCutoff(1), "epsilonCutoff must be in [0, 1) but was 1.0");
    refused(b -> b.etaCutoff(-1e-3), "etaCutoff must be in [0, 1) but was -0.001");
    refused(
        b -> b.repetitionPenalty(0), "repetitionPenalty must be finite and positive but was 0.0");
    refused(b -> b.stopStrings(""), "stopStrings must not contain an empty string");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.01, Double.NaN})
  void topPIsAProbability(double topP) {
    refused(b -> b.topP(topP), "topP must be in (0, 1] but was " + topP);
  }

  private static void refused(UnaryOperator<SamplingOptions.Builder> change, String message) {
    assertThatThrownBy(() -> change.apply(SamplingOptions.builder(5)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
