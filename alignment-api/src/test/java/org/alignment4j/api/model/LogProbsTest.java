package org.alignment4j.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogProbsTest {

  @Test
  void perplexityOfUniformChoiceIsTheNumberOfChoices() {
    LogProbs uniform = LogProbs.of(Math.log(0.25), Math.log(0.25), Math.log(0.25));

    assertThat(uniform.sum()).isCloseTo(3 * Math.log(0.25), within(1e-12));
    assertThat(uniform.mean()).isCloseTo(Math.log(0.25), within(1e-12));
    assertThat(uniform.perplexity()).isCloseTo(4, within(1e-12));
  }

  @Test
  void valuesMustBeLogarithmsOfProbabilities() {
    assertThatThrownBy(() -> LogProbs.of(-1.0, 0.1)).hasMessageContaining("index 1 was 0.1");
    assertThatThrownBy(() -> LogProbs.of(Double.NaN)).hasMessageContaining("NaN");
    assertThat(LogProbs.of(Double.NEGATIVE_INFINITY).sum()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(LogProbs.of().mean()).isNaN();
  }

  @Test
  void comparedByContent() {
    assertThat(LogProbs.of(new float[] {-0.5f})).isEqualTo(LogProbs.of(-0.5));
    assertThat(LogProbs.of(-0.5)).isNotEqualTo(LogProbs.of(-0.25));
  }
}
