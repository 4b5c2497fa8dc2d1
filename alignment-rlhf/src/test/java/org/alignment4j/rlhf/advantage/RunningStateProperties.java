package org.alignment4j.rlhf.advantage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The running normaliser and the multiplier of constraints. */
class RunningStateProperties {

  private static double[] joined(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void same(RunningMoments a, RunningMoments b) {
    assertThat(a.count()).isEqualTo(b.count());
    assertThat(a.mean()).isCloseTo(b.mean(), within(1e-12));
    assertThat(a.squares()).isCloseTo(b.squares(), within(1e-10));
  }

  @Property(tries = 60)
  void mergingIsConcatenationInAnyOrder(
      @ForAll long seed, @ForAll @IntRange(max = 20) int n, @ForAll @IntRange(max = 20) int m) {
    RandomRollouts random = new RandomRollouts(seed);
    double[] a = random.vector(n);
    double[] b = random.vector(m);
    double[] c = random.vector(3);
    RunningMoments ofA = RunningMoments.of(a);
    RunningMoments ofB = RunningMoments.of(b);
    RunningMoments ofC = RunningMoments.of(c);
    RunningMoments all = RunningMoments.of(joined(a, b, c));
    same(ofA.merge(ofB).merge(ofC), all);
    same(ofA.merge(ofB.merge(ofC)), all);
    same(ofC.merge(ofA).merge(ofB), all);
    same(RunningMoments.empty().merge(all), all);
    same(all.restored(all.state()), all);
    double[] values = joined(a, b, c);
    assertThat(all.variance(Variance.BESSEL))
        .isCloseTo(Math.pow(RandomRollouts.deviation(values), 2), within(1e-10));
    double[] normal = all.normalise(values, Variance.BESSEL);
    assertThat(RandomRollouts.mean(normal)).isCloseTo(0, within(1e-9));
    double deviation = RandomRollouts.deviation(values);
    assertThat(RandomRollouts.deviation(normal))
        .isCloseTo(deviation / Math.sqrt(deviation * deviation + 1e-8), within(1e-9));
  }

  @Example
  void tooLittleSeenChangesNothing() {
    assertThat(RunningMoments.of(4).normalise(new double[] {7, 8}, Variance.BIASED))
        .containsExactly(7, 8);
    assertThat(RunningMoments.of(2, 6).variance(Variance.BIASED)).isEqualTo(4);
    assertThatThrownBy(() -> RunningMoments.of(1, Double.NaN)).hasMessageContaining("finite");
    assertThatThrownBy(() -> new RunningMoments(1.5, 0, 0)).hasMessageContaining("whole number");
  }

  @Property(tries = 60)
  void multiplierFollowsTheFormula(
      @ForAll @DoubleRange(min = 0.01, max = 4) double lambda,
      @ForAll @DoubleRange(min = -3, max = 3) double budget,
      @ForAll long seed) {
    double[] costs = new RandomRollouts(seed).vector(7);
    LagrangeMultiplier before = new LagrangeMultiplier(lambda, budget, 0.1, 5, 4, 0, 0, List.of());
    LagrangeMultiplier after = before.observed(costs).updated();
    double mean = RandomRollouts.mean(costs[3], costs[4], costs[5], costs[6]);
    double nu = Math.log(lambda) + 0.1 * lambda * (mean - budget);
    assertThat(after.multiplier()).isCloseTo(Math.min(5, Math.exp(nu)), within(1e-12)).isPositive();
    assertThat(after.costs()).containsExactly(costs[3], costs[4], costs[5], costs[6]);
    if (lambda < 4.9) {
      assertThat(after.multiplier() > lambda).isEqualTo(mean > budget);
    }
    LagrangeMultiplier back = before.restored(after.state());
    assertThat(back).isEqualTo(after);
    assertThat(back.observed(1).updated()).isEqualTo(after.observed(1).updated());
  }

  @Example
  void nothingSeenOrDelayedLeavesTheMultiplier() {
    LagrangeMultiplier fresh = LagrangeMultiplier.standard(0);
    assertThat(fresh.updated().multiplier()).isEqualTo(1);
    assertThat(fresh.observed(0, 0).updated().multiplier()).as("fixed point").isEqualTo(1);
    LagrangeMultiplier late = new LagrangeMultiplier(1, 0, 0.1, 5, 9, 2, 0, List.of(3.0));
    assertThat(late.updated().updated().multiplier()).isEqualTo(1);
    assertThat(late.updated().updated().updated().multiplier())
        .isCloseTo(Math.exp(0.3), within(1e-15));
    assertThat(
            new LagrangeMultiplier(5, 0, 1e3, Double.POSITIVE_INFINITY, 1, 0, 0, List.of(-1e6))
                .updated()
                .multiplier())
        .isPositive();
  }

  @Property(tries = 30)
  void multiplierWeighsAdvantages(@ForAll long seed) {
    RandomRollouts random = new RandomRollouts(seed);
    TokenValues rewards = random.values(3, 2);
    TokenValues costs = random.values(3, 2);
    double[] even = LagrangeMultiplier.standard(0).combine(rewards, costs).flat();
    for (int i = 0; i < even.length; i++) {
      double expected = (rewards.flat()[i] - costs.flat()[i]) / 2;
      assertThat(even[i]).isCloseTo(expected, within(1e-15));
    }
    LagrangeMultiplier tiny = new LagrangeMultiplier(1e-12, 0, 0.1, 5, 1, 0, 0, List.of());
    assertThat(tiny.combine(rewards, costs).flat()).containsExactly(rewards.flat(), within(1e-10));
    LagrangeMultiplier huge =
        new LagrangeMultiplier(1e12, 0, 0.1, Double.POSITIVE_INFINITY, 1, 0, 0, List.of());
    assertThat(huge.combine(rewards, costs).flat())
        .containsExactly(costs.map(c -> -c).flat(), within(1e-10));
  }

  @Example
  void multiplierRefusesWhatCannotBe() {
    assertThatThrownBy(() -> new LagrangeMultiplier(0, 0, 0.1, 5, 1, 0, 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("multiplier must be positive and finite but was 0.0");
    assertThatThrownBy(() -> new LagrangeMultiplier(6, 0, 0.1, 5, 1, 0, 0, List.of()))
        .hasMessage("multiplier must be at most the maximum 5.0 but was 6.0");
    assertThatThrownBy(() -> LagrangeMultiplier.standard(0).observed(Double.NaN))
        .hasMessage("cost must be finite but was NaN");
    assertThatThrownBy(() -> LagrangeMultiplier.standard(0).restored(Map.of()))
        .hasMessageContaining("state must have 'multiplier'");
  }
}
