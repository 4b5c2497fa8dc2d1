package org.alignment4j.eval.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.junit.jupiter.api.Test;

class MacroMeanTest {

  @Test
  void groupsCountAlike() {
    Estimate mean =
        MacroMean.of(List.of(Estimates.proportion(10, 10), Estimates.proportion(200, 1000)));
    assertThat(mean.value()).isCloseTo(0.6, within(1e-12));
    assertThat(mean.n()).isEqualTo(1010);
    assertThat(mean.standardError()).isCloseTo(Math.sqrt(0.2 * 0.8 / 1000) / 2, within(1e-12));
    double below = Math.hypot(1 - wilson(1, 10, -1), 0.2 - wilson(0.2, 1000, -1));
    assertThat(mean.ciLow()).isCloseTo(0.6 - below / 2, within(1e-9));
    assertThat(mean.ciHigh()).isCloseTo(0.6 + (wilson(0.2, 1000, 1) - 0.2) / 2, within(1e-9));
  }

  private static double wilson(double p, double n, int sign) {
    double z = 1.959963984540054;
    double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (p + z * z / (2 * n) + sign * half) / (1 + z * z / n);
  }

  @Test
  void groupsWithoutScoresAreLeftOutAndTheirMissingCounted() {
    Estimate none = Estimates.withMissing(Estimates.proportion(0, 0), 2, 3);
    Estimate mean = MacroMean.of(List.of(Estimates.proportion(1, 2), none));
    assertThat(mean.value()).isEqualTo(0.5);
    assertThat(mean.unscored()).isEqualTo(2);
    assertThat(mean.failed()).isEqualTo(3);
    Estimate nothing = MacroMean.of(List.of(none));
    assertThat(nothing.value()).isNaN();
    assertThat(nothing.n()).isZero();
    assertThatThrownBy(() -> MacroMean.of(List.of())).hasMessageContaining("must not be empty");
  }

  @Test
  void theIntervalCoversTheTruthAsOftenAsItSays() {
    double[] truth = {0.95, 0.5, 0.1};
    int[] sizes = {20, 100, 40};
    SplittableRandom random = new SplittableRandom(1);
    int covered = 0;
    for (int run = 0; run < 2000; run++) {
      Estimate[] groups = new Estimate[3];
      for (int g = 0; g < 3; g++) {
        int right = 0;
        for (int i = 0; i < sizes[g]; i++) {
          right += random.nextDouble() < truth[g] ? 1 : 0;
        }
        groups[g] = Estimates.proportion(right, sizes[g]);
      }
      covered += MacroMean.of(List.of(groups)).contains((0.95 + 0.5 + 0.1) / 3) ? 1 : 0;
    }
    assertThat(covered / 2000.0).isBetween(0.93, 0.98);
  }
}
