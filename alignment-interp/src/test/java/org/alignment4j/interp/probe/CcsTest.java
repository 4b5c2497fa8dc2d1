package org.alignment4j.interp.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.junit.jupiter.api.Test;

class CcsTest {

  private static final CancellationToken NONE = CancellationToken.none();
  private static final ActivationSite SITE = ActivationSite.of(HookPoints.residPost(0));

  private record Pairs(Rows positive, Rows negative, boolean[] truth) {}

  /**
   * Truth along the second axis; being a negation along the first, which must be normalised away.
   */
  private static Pairs pairs(int n, long seed) {
    Random random = new Random(seed);
    double[][] positive = new double[n][3];
    double[][] negative = new double[n][3];
    boolean[] truth = new boolean[n];
    for (int i = 0; i < n; i++) {
      truth[i] = random.nextBoolean();
      double shared = random.nextGaussian();
      positive[i] = new double[] {9 + 0.1 * random.nextGaussian(), truth[i] ? 2 : -2, 0.3 * shared};
      negative[i] =
          new double[] {-9 + 0.1 * random.nextGaussian(), truth[i] ? -2 : 2, 0.3 * shared};
    }
    return new Pairs(Rows.of(positive), Rows.of(negative), truth);
  }

  @Test
  void theLossIsZeroWhenConfidentAndAQuarterWhenEverythingIsHalf() {
    Rows up = Rows.of(new double[] {1}, new double[] {-1});
    Rows down = Rows.of(new double[] {-1}, new double[] {1});
    CcsLoss loss = new CcsLoss(up, down);
    assertThat(loss.valueAndGradient(new double[] {50, 0}, new double[2]))
        .isCloseTo(0, within(1e-12));
    assertThat(loss.valueAndGradient(new double[] {0, 0}, new double[2]))
        .isCloseTo(0.25, within(1e-12));
    // p = q = 1 is confident but contradicts itself.
    assertThat(loss.valueAndGradient(new double[] {0, 50}, new double[2]))
        .isCloseTo(2, within(1e-9));
  }

  @Test
  void theGradientIsThatOfFiniteDifferences() {
    Pairs pairs = pairs(20, 3);
    CcsLoss loss = new CcsLoss(pairs.positive, pairs.negative);
    double[] at = {0.05, -0.3, 0.2, 0.1};
    double[] gradient = new double[4];
    loss.valueAndGradient(at, gradient);
    for (int j = 0; j < 4; j++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[j] += 1e-6;
      down[j] -= 1e-6;
      double slope =
          (loss.valueAndGradient(up, new double[4]) - loss.valueAndGradient(down, new double[4]))
              / 2e-6;
      assertThat(gradient[j]).isCloseTo(slope, within(1e-6));
    }
  }

  @Test
  void truthIsFoundWithoutLabelsAndOrientedByThem() {
    Pairs pairs = pairs(100, 1);
    for (boolean scaled : new boolean[] {false, true}) {
      Ccs ccs = new Ccs(10, scaled, Ccs.defaults().solver());
      Ccs.Result found =
          ccs.fit("truth", SITE, pairs.positive, pairs.negative, new Random(2), NONE);
      assertThat(found.loss()).isLessThan(0.01);
      LinearProbe probe = Ccs.oriented(found.probe(), pairs.positive, pairs.negative, pairs.truth);
      boolean[] turned = pairs.truth.clone();
      for (int i = 0; i < turned.length; i++) {
        turned[i] = !turned[i];
      }
      LinearProbe other = Ccs.oriented(found.probe(), pairs.positive, pairs.negative, turned);
      double[] scores = probe.scores(pairs.positive);
      double[] opposite = other.scores(pairs.positive);
      for (int i = 0; i < scores.length; i++) {
        assertThat(opposite[i]).isCloseTo(-scores[i], within(1e-9));
      }
      double[] weights = probe.weights();
      assertThat(weights[1]).isPositive();
      assertThat(weights[1]).isGreaterThan(3 * Math.abs(weights[2]));
    }
  }

  /** Scaled halves do not know the units of a coordinate; the probe of unscaled rows must. */
  @Test
  void whereHalvesAreScaledTheUnitOfACoordinateChangesNoScore() {
    Pairs pairs = pairs(60, 5);
    Ccs ccs = new Ccs(4, true, Ccs.defaults().solver());
    LinearProbe one =
        ccs.fit("t", SITE, pairs.positive, pairs.negative, new Random(2), NONE).probe();
    LinearProbe other =
        ccs.fit("t", SITE, wider(pairs.positive), wider(pairs.negative), new Random(2), NONE)
            .probe();
    assertThat(other.weights()[2] * 16).isCloseTo(one.weights()[2], within(1e-9));
    double[] scores = one.scores(pairs.positive);
    double[] same = other.scores(wider(pairs.positive));
    for (int i = 0; i < scores.length; i++) {
      assertThat(same[i]).isCloseTo(scores[i], within(1e-6));
    }
  }

  private static Rows wider(Rows rows) {
    double[][] wider = new double[rows.count()][];
    for (int i = 0; i < wider.length; i++) {
      wider[i] = rows.row(i);
      wider[i][2] *= 16;
    }
    return Rows.of(wider);
  }

  @Test
  void theSameSeedFindsTheSameProbe() {
    Pairs pairs = pairs(30, 4);
    Ccs ccs = Ccs.defaults();
    double[] one =
        ccs.fit("t", SITE, pairs.positive, pairs.negative, new Random(7), NONE).probe().weights();
    double[] two =
        ccs.fit("t", SITE, pairs.positive, pairs.negative, new Random(7), NONE).probe().weights();
    assertThat(one).containsExactly(two);
  }

  @Test
  void badInputIsRefused() {
    Rows one = Rows.of(new double[] {1, 2});
    assertThatThrownBy(() -> Ccs.defaults().fit("t", SITE, one, one, new Random(1), NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 positive and 1 negative");
    assertThatThrownBy(() -> new Ccs(0, true, Ccs.defaults().solver()))
        .hasMessageContaining("were 0");
    Pairs pairs = pairs(4, 1);
    LinearProbe probe = LinearProbe.of("t", SITE, new double[] {1, 2, 3}, 0);
    assertThatThrownBy(
            () -> Ccs.oriented(probe, pairs.positive, pairs.negative, new boolean[] {true}))
        .hasMessageContaining("4 rows and 1 labels");
  }
}
