package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.model.Prompt;

/** The hinge of ordered completions. */
class AnswerMarginsProperties {

  private static final int FEATURES = 3;

  private static List<GradedAnswer> group(Random random, int size) {
    List<GradedAnswer> group = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      group.add(
          new GradedAnswer(
              Prompt.text("x"),
              random.nextInt(3),
              random.nextGaussian(),
              random.doubles(FEATURES).boxed().toList()));
    }
    return group;
  }

  @Property(tries = 300)
  void theHingeIsConvexAndItsGradientTheSlope(
      @ForAll long seed,
      @ForAll @IntRange(min = 4, max = 9) int size,
      @ForAll @DoubleRange(min = 0, max = 1) double share) {
    Random random = new Random(seed);
    List<GradedAnswer> group = group(random, size);
    AnswerMargins margins = AnswerMargins.of(List.of(group), 1);
    if (margins.size() == 0) {
      return;
    }
    double[] a = random.doubles(FEATURES, -4, 4).toArray();
    double[] b = random.doubles(FEATURES, -4, 4).toArray();
    double[] between = new double[FEATURES];
    double rise = margins.loss(a);
    double[] gradient = margins.gradient(a);
    double[] near = a.clone();
    double slope = 0;
    for (int j = 0; j < FEATURES; j++) {
      between[j] = share * a[j] + (1 - share) * b[j];
      rise += gradient[j] * (b[j] - a[j]);
      near[j] += 1e-7 * (b[j] - a[j]);
      slope += gradient[j] * (b[j] - a[j]);
    }
    assertThat(margins.loss(between))
        .isLessThanOrEqualTo(share * margins.loss(a) + (1 - share) * margins.loss(b) + 1e-12);
    // A subgradient lies below the function, and is its slope where there is one.
    assertThat(margins.loss(b)).isGreaterThanOrEqualTo(rise - 1e-12);
    assertThat((margins.loss(near) - margins.loss(a)) / 1e-7).isCloseTo(slope, within(1e-3));
  }

  @Property(tries = 200)
  void separatedPairsHaveNoLossAndNoGradient(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int size) {
    Random random = new Random(seed);
    List<GradedAnswer> group = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      double quality = random.nextInt(4);
      group.add(new GradedAnswer(Prompt.text("x"), quality, 1.5 * quality, List.of(0.5)));
    }
    AnswerMargins margins = AnswerMargins.of(List.of(group), 1.5);
    if (margins.size() > 0) {
      assertThat(margins.loss(new double[] {3})).isZero();
      assertThat(margins.gradient(new double[] {3})).containsExactly(0);
      assertThat(AnswerMargins.of(List.of(group), 1.6).loss(new double[] {3})).isPositive();
    }
  }
}
