package org.alignment4j.eval.inner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedGapTest {

  /** Of 4 items, 3 differ: mean 0.75, deviation 0.5, and 2 of 8 sign patterns are as far. */
  @Test
  void countedByHand() {
    PairedGap gap = PairedGap.of(new double[] {1, 1, 1, 0}, new double[] {0, 0, 0, 0}, 1);
    assertThat(gap.first().value()).isEqualTo(0.75);
    assertThat(gap.second().value()).isZero();
    assertThat(gap.gap().value()).isEqualTo(0.75);
    assertThat(gap.pValue()).isEqualTo(0.25);
    assertThat(gap.deviation()).isCloseTo(0.5, within(1e-12));
    // (1.959964 + 0.841621) · 0.5 / √4
    assertThat(gap.detectable()).isCloseTo(0.700396, within(1e-5));
    // ((1.959964 + 0.841621) · 0.5 / 0.1)² = 196.2
    assertThat(gap.needed(0.1)).hasValue(197);
  }

  @Test
  void withoutAnyDifferenceASmallSampleDoesNotClaimPower() {
    double[] same = new double[20];
    Arrays.fill(same, 1);
    PairedGap gap = PairedGap.of(same, same, 1);
    assertThat(gap.gap().value()).isZero();
    assertThat(gap.pValue()).isEqualTo(1);
    assertThat(gap.significant()).isFalse();
    assertThat(gap.gap().ciLow()).isLessThan(-0.1);
    // Wilson's upper end of 0 in 20 is z²/(20 + z²) = 0.1611.
    assertThat(gap.deviation()).isCloseTo(Math.sqrt(0.16113), within(1e-4));
    assertThat(gap.detectable()).isBetween(0.2, 0.3);
  }

  @Test
  void clustersAreTheUnits() {
    double[] first = {1, 1, 1, 1, 0, 0, 0, 0};
    double[] second = {0, 0, 0, 0, 0, 0, 0, 0};
    PairedGap alone = PairedGap.of(first, second, 1);
    PairedGap clustered = PairedGap.of(first, second, new int[] {0, 0, 0, 0, 1, 1, 1, 1}, 1);
    assertThat(alone.pValue()).isEqualTo(0.125);
    assertThat(clustered.pValue()).isEqualTo(1);
    assertThat(clustered.clusters()).isEqualTo(2);
    assertThat(clustered.gap().standardError()).isGreaterThan(alone.gap().standardError());
  }

  @Test
  void nothingIsNoFigure() {
    PairedGap gap = PairedGap.of(new double[0], new double[0], 1);
    assertThat(gap.gap().n()).isZero();
    assertThat(gap.pValue()).isNaN();
    assertThat(gap.significant()).isFalse();
    assertThat(gap.detectable()).isNaN();
    assertThat(gap.needed(0.1)).isEmpty();
    assertThatThrownBy(() -> PairedGap.of(new double[1], new double[2], 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The detectable gap is found about four times in five; no gap one time in twenty at most. */
  @Test
  void thePowerIsWhatItSays() {
    SplittableRandom random = new SplittableRandom(5);
    int found = 0;
    int falsely = 0;
    for (int run = 0; run < 200; run++) {
      double[] first = new double[60];
      double[] second = new double[60];
      double[] null1 = new double[60];
      double[] null2 = new double[60];
      for (int i = 0; i < 60; i++) {
        first[i] = 0.37 + random.nextGaussian();
        second[i] = 0;
        null1[i] = random.nextInt(2);
        null2[i] = random.nextInt(2);
      }
      // (1.96 + 0.84) / √60 = 0.362
      found += PairedGap.of(first, second, run).significant() ? 1 : 0;
      falsely += PairedGap.of(null1, null2, run).significant() ? 1 : 0;
    }
    assertThat(found).isBetween(145, 180);
    assertThat(falsely).isBetween(1, 18);
  }
}
