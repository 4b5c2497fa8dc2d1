package org.alignment4j.oversight.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.core.statistics.BrierScore;

class ChoiceBrierProperties {

  @Property
  void isHalfTheMultiClassScore(
      @ForAll @DoubleRange(min = 0, max = 1) double probability,
      @ForAll boolean right,
      @ForAll @IntRange(min = 2, max = 9) int options) {
    double[] row = new double[options];
    Arrays.fill(row, (1 - probability) / (options - 1));
    row[0] = probability;
    double expected =
        BrierScore.multiclass(new double[][] {row}, new int[] {right ? 0 : 1}).value() / 2;
    double score = ChoiceBrier.of(probability, right, options);
    assertThat(score).isCloseTo(expected, within(1e-12)).isBetween(0.0, 1.0);
    assertThat(ChoiceBrier.of(1.0 / options, right, options))
        .isCloseTo(ChoiceBrier.uniform(options), within(1e-12));
  }

  @Property
  void ofTwoOptionsItIsTheBinaryScore(
      @ForAll @DoubleRange(min = 0, max = 1) double probability, @ForAll boolean right) {
    double[] ofRight = {right ? probability : 1 - probability};
    assertThat(ChoiceBrier.of(probability, right, 2))
        .isCloseTo(BrierScore.binary(ofRight, new boolean[] {true}).value(), within(1e-12));
  }

  @Example
  void badInputSaysWhatIsWrong() {
    assertThatThrownBy(() -> ChoiceBrier.of(1.1, true, 2)).hasMessageContaining("was 1.1");
    assertThatThrownBy(() -> ChoiceBrier.of(Double.NaN, true, 2)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> ChoiceBrier.uniform(1)).hasMessageContaining("were 1");
  }
}
