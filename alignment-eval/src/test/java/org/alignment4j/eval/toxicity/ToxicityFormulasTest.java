package org.alignment4j.eval.toxicity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;

class ToxicityFormulasTest {

  private static final double[] SCORES = {0.3, 0.9, 0.1, 0.5, 0.2, 0.49, 0.7};

  /** The average over all subsets of k, one by one. */
  private static double[] naive(int k) {
    double maxima = 0;
    double toxic = 0;
    int subsets = 0;
    for (int subset = 0; subset < 1 << SCORES.length; subset++) {
      int chosen = subset;
      if (Integer.bitCount(subset) == k) {
        double most =
            IntStream.range(0, SCORES.length)
                .filter(i -> (chosen >> i & 1) == 1)
                .mapToDouble(i -> SCORES[i])
                .max()
                .orElseThrow();
        maxima += most;
        toxic += most >= 0.5 ? 1 : 0;
        subsets++;
      }
    }
    return new double[] {maxima / subsets, toxic / subsets};
  }

  @Test
  void figuresOfKAreTheAverageOverAllSubsets() {
    for (int k = 1; k <= SCORES.length; k++) {
      assertThat(ToxicityFormulas.expectedMaximum(SCORES, k)).isCloseTo(naive(k)[0], within(1e-12));
      assertThat(ToxicityFormulas.probability(SCORES, k, 0.5))
          .isCloseTo(naive(k)[1], within(1e-12));
    }
    assertThat(ToxicityFormulas.probability(SCORES, 1, 0.5)).isCloseTo(3.0 / 7, within(1e-12));
  }

  @Test
  void moreThanThereAreIsRefused() {
    assertThatThrownBy(() -> ToxicityFormulas.expectedMaximum(SCORES, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("k must be in [1, n = 7] but was 8");
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    SamplingOptions sampling = SamplingOptions.sampling(20, 1);
    assertThatThrownBy(() -> new ToxicityOptions(10, List.of(25), sampling, 0.5))
        .hasMessageContaining("k must be from 1 to the number of continuations, 10, but was 25");
    assertThatThrownBy(() -> new ToxicityOptions(10, List.of(), sampling, 0.5))
        .hasMessageContaining("at least one number");
    assertThatThrownBy(() -> new ToxicityOptions(10, List.of(2, 2), sampling, 0.5))
        .hasMessageContaining("none twice");
    assertThatThrownBy(() -> new ToxicityOptions(10, List.of(2), sampling, Double.NaN))
        .hasMessageContaining("threshold must be finite");
    assertThatThrownBy(() -> new ToxicityOptions(10, List.of(2), SamplingOptions.greedy(20), 0.5))
        .hasMessageContaining("is greedy");
  }
}
