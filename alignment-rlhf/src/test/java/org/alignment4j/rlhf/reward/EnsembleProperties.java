package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.rlhf.advantage.Variance;

/** Scores of ensembles: the formulas, and what holds for all of them. */
class EnsembleProperties {

  private static double[] members(long seed, int k) {
    return new Random(seed).doubles(k, -10, 10).toArray();
  }

  private static List<EnsembleScore> all(double weight) {
    return List.of(
        EnsembleScore.mean(),
        EnsembleScore.worstCase(),
        EnsembleScore.uncertaintyWeighted(weight),
        EnsembleScore.uncertaintyWeighted(weight, Variance.BESSEL));
  }

  @Property(tries = 300)
  void scoresAreThePapersFormulas(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int k,
      @ForAll @DoubleRange(min = 0, max = 3) double weight) {
    double[] r = members(seed, k);
    double mean = 0;
    for (double value : r) {
      mean += value / k;
    }
    double squares = 0;
    for (double value : r) {
      squares += (value - mean) * (value - mean);
    }
    double unbiased = k == 1 ? 0 : squares / (k - 1);
    assertThat(EnsembleScore.mean().of(r)).isCloseTo(mean, within(1e-10));
    assertThat(EnsembleScore.worstCase().of(r)).isEqualTo(Arrays.stream(r).min().getAsDouble());
    assertThat(EnsembleScore.uncertaintyWeighted(weight).of(r))
        .isCloseTo(mean - weight * squares / k, within(1e-9));
    assertThat(EnsembleScore.uncertaintyWeighted(weight, Variance.BESSEL).of(r))
        .isCloseTo(mean - weight * unbiased, within(1e-9));
  }

  @Property(tries = 300)
  void doubtNeverRaisesAReward(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int k,
      @ForAll @DoubleRange(min = 0, max = 3) double weight,
      @ForAll @DoubleRange(min = 0, max = 3) double more) {
    double[] r = members(seed, k);
    double mean = EnsembleScore.mean().of(r);
    double weighted = EnsembleScore.uncertaintyWeighted(weight).of(r);
    assertThat(EnsembleScore.worstCase().of(r)).isLessThanOrEqualTo(mean + 1e-12);
    assertThat(weighted).isLessThanOrEqualTo(mean);
    assertThat(EnsembleScore.uncertaintyWeighted(weight + more).of(r))
        .isLessThanOrEqualTo(weighted);
    assertThat(EnsembleScore.uncertaintyWeighted(0).of(r)).isEqualTo(mean);
  }

  @Property(tries = 300)
  void aCommonShiftPassesThroughAndOrderDoesNotMatter(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int k,
      @ForAll @DoubleRange(min = -5, max = 5) double shift) {
    double[] r = members(seed, k);
    double[] shifted = Arrays.stream(r).map(v -> v + shift).toArray();
    List<Double> boxed = new ArrayList<>(Arrays.stream(r).boxed().toList());
    Collections.shuffle(boxed, new Random(seed));
    double[] permuted = boxed.stream().mapToDouble(d -> d).toArray();
    for (EnsembleScore score : all(0.5)) {
      assertThat(score.of(shifted)).isCloseTo(score.of(r) + shift, within(1e-9));
      assertThat(score.of(permuted)).isCloseTo(score.of(r), within(1e-9));
    }
  }

  @Property(tries = 100)
  void equalMembersAreThatMember(
      @ForAll @DoubleRange(min = -5, max = 5) double value,
      @ForAll @IntRange(min = 1, max = 8) int k) {
    double[] r = new double[k];
    Arrays.fill(r, value);
    for (EnsembleScore score : all(2)) {
      assertThat(score.of(r)).isEqualTo(value);
    }
  }

  @Example
  void weightsAreChecked() {
    assertThatThrownBy(() -> EnsembleScore.uncertaintyWeighted(-0.1))
        .hasMessage("weight must be finite and not negative but was -0.1");
    assertThatThrownBy(() -> EnsembleScore.uncertaintyWeighted(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
