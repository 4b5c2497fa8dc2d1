package org.alignment4j.eval.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.RocArea;
import org.junit.jupiter.api.Test;

class SeparationBoundsTest {

  private static Estimate area(double[] scores, boolean[] member) {
    int[] each = new int[scores.length];
    for (int i = 0; i < each.length; i++) {
      each[i] = i;
    }
    return RocArea.of(scores, member, each, Bootstrap.seeded(1)).estimate();
  }

  /** Members first, with scores one apart from the others'. */
  private static Estimate apart(int members, int others, double sign) {
    double[] scores = new double[members + others];
    boolean[] member = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      member[i] = i < members;
      scores[i] = (member[i] ? sign : -sign) + i * 1e-3;
    }
    return area(scores, member);
  }

  @Test
  void whatIsToldApartWithoutExceptionHasTheExactBoundOfTheDisjointPairs() {
    Estimate bootstrapped = apart(20, 200, 1);
    assertThat(bootstrapped.value()).isEqualTo(1);
    assertThat(bootstrapped.ciLow()).isNaN();
    Estimate bounded = SeparationBounds.area(bootstrapped, 20, 200);
    // The lower end of Clopper and Pearson for 20 of 20, as tables of the binomial have it.
    assertThat(bounded.ciLow()).isCloseTo(0.8316, within(1e-4));
    assertThat(bounded.ciHigh()).isEqualTo(1);
    assertThat(bounded.n()).isEqualTo(220);
    // A chance of 2.5 % for as many successes is what the bound means.
    assertThat(Math.pow(bounded.ciLow(), 20)).isCloseTo(0.025, within(1e-12));
    Estimate never = SeparationBounds.area(apart(20, 30, -1), 20, 30);
    assertThat(never.value()).isZero();
    assertThat(never.ciLow()).isZero();
    assertThat(never.ciHigh()).isCloseTo(1 - 0.8316, within(1e-4));
    assertThat(SeparationBounds.share(bootstrapped, 5).ciLow()).isCloseTo(0.4782, within(1e-4));
  }

  @Test
  void otherFiguresStayAsTheyAre() {
    Estimate some = area(new double[] {3, 1, 2, 0}, new boolean[] {true, true, false, false});
    assertThat(SeparationBounds.area(some, 2, 2)).isEqualTo(some);
    Estimate ties = area(new double[4], new boolean[] {true, true, false, false});
    assertThat(ties.value()).isEqualTo(0.5);
    assertThat(SeparationBounds.area(ties, 2, 2)).isEqualTo(ties);
    Estimate nothing = area(new double[] {1, 0}, new boolean[] {true, false});
    assertThat(SeparationBounds.area(nothing, 0, 0)).isEqualTo(nothing);
  }

  /**
   * Exponential scores, of which the area is known: were it just below the bound, perfect
   * separation would happen in at most 2.5 % of studies. As many trials as there are pairs would
   * fail here.
   */
  @Test
  void theBoundKeepsItsLevel() {
    SplittableRandom random = new SplittableRandom(7);
    int each = 3;
    double truth = SeparationBounds.area(apart(each, each, 1), each, each).ciLow() - 1e-3;
    double memberMean = truth / (1 - truth);
    int perfect = 0;
    int studies = 4000;
    for (int study = 0; study < studies; study++) {
      double least = Double.POSITIVE_INFINITY;
      double most = 0;
      for (int i = 0; i < each; i++) {
        least = Math.min(least, -Math.log(random.nextDouble()) * memberMean);
        most = Math.max(most, -Math.log(random.nextDouble()));
      }
      perfect += least > most ? 1 : 0;
    }
    assertThat(perfect).isLessThanOrEqualTo(studies / 40);
  }
}
