package org.alignment4j.interp.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SubUpdateProperties {

  @Property(tries = 100)
  void promotedTokensAreThoseThatBecomeLikelier(
      @ForAll @IntRange(min = 1, max = 12) int vocabulary,
      @ForAll @DoubleRange(min = -5, max = 5) double coefficient,
      @ForAll long seed) {
    double[] logits = new Random(seed).doubles(vocabulary, -4, 4).toArray();
    double[] scores = new Random(seed + 1).doubles(vocabulary, -3, 3).toArray();
    double before = 0;
    double weighted = 0;
    for (int w = 0; w < vocabulary; w++) {
      before += Math.exp(logits[w]);
    }
    for (int w = 0; w < vocabulary; w++) {
      weighted += Math.exp(logits[w]) / before * Math.exp(coefficient * scores[w]);
    }
    boolean[] promoted = SubUpdate.promoted(logits, coefficient, scores);
    double[] after = SubUpdate.after(logits, coefficient, scores);
    double sum = 0;
    for (int w = 0; w < vocabulary; w++) {
      sum += after[w];
      double p = Math.exp(logits[w]) / before;
      double factor = Math.exp(coefficient * scores[w]) / weighted;
      assertThat(after[w]).isCloseTo(p * factor, within(1e-12));
      if (Math.abs(factor - 1) > 1e-9) {
        assertThat(promoted[w]).isEqualTo(factor > 1).isEqualTo(after[w] > p);
      }
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
  }

  @Property(tries = 60)
  void logOddsMoveInProportionToTheCoefficient(
      @ForAll @DoubleRange(min = -3, max = 3) double coefficient, @ForAll long seed) {
    double[] logits = new Random(seed).doubles(6, -4, 4).toArray();
    double[] scores = new Random(seed + 1).doubles(6, -3, 3).toArray();
    double[] once = SubUpdate.after(logits, coefficient, scores);
    double[] twice = SubUpdate.after(logits, 2 * coefficient, scores);
    for (int w = 1; w < 6; w++) {
      double moved = Math.log(once[w] / once[0]) - (logits[w] - logits[0]);
      double further = Math.log(twice[w] / twice[0]) - (logits[w] - logits[0]);
      assertThat(further).isCloseTo(2 * moved, within(1e-9));
    }
  }

  @Example
  void hugeLogitsAndMismatches() {
    double[] after = SubUpdate.after(new double[] {1e4, 0}, 1, new double[] {0, 1e4});
    assertThat(after).containsExactly(new double[] {0.5, 0.5}, within(1e-12));
    assertThat(SubUpdate.promoted(new double[] {0, 0}, 1e4, new double[] {1, 0}))
        .containsExactly(true, false);
    assertThatThrownBy(() -> SubUpdate.after(new double[2], 1, new double[3]))
        .hasMessage("logits and staticScores must be one a token but were 2 and 3");
  }

  @Example
  void exitsAreAfterTheFirstLayerThatChangesNothing() {
    assertThat(EarlyExit.exit(List.of(List.of(1, 2), List.of(2, 1), List.of(2, 1), List.of(2, 1))))
        .isEqualTo(2);
    assertThat(EarlyExit.exit(List.of(List.of(1), List.of(2), List.of(3)))).isEqualTo(2);
    assertThat(EarlyExit.exit(List.of(List.of(1)))).isZero();
  }
}
