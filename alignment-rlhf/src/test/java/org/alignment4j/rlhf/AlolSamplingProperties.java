package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.rlhf.data.Epochs;

/** Which answers updates see. */
class AlolSamplingProperties {

  @Property(tries = 20)
  void drawsAreInProportionToTheWeights(@ForAll long seed) {
    double[] weights = {0.5, 0.001, 3, 1.5};
    Epochs epochs = new Epochs(4, 4, 5000, seed);
    int[] counts = new int[4];
    for (long step = 1; step <= epochs.steps(); step++) {
      AlolSampling.PROPORTIONAL.batch(epochs, weights, step).forEach(i -> counts[i]++);
    }
    double draws = 4.0 * epochs.steps();
    for (int i = 0; i < 4; i++) {
      assertThat(counts[i] / draws).isCloseTo(weights[i] / 5.001, within(0.02));
    }
  }

  @Property(tries = 50)
  void uniformUpdatesSeeEveryAnswerOnceAnEpoch(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int answers,
      @ForAll @IntRange(min = 1, max = 6) int batch) {
    Epochs epochs = new Epochs(answers, batch, 1, seed);
    List<Integer> seen = new ArrayList<>();
    for (long step = 1; step <= epochs.steps(); step++) {
      List<Integer> uniform = AlolSampling.UNIFORM.batch(epochs, new double[answers], step);
      List<Integer> drawn = AlolSampling.PROPORTIONAL.batch(epochs, ones(answers), step);
      seen.addAll(uniform);
      assertThat(drawn).hasSameSizeAs(uniform).allMatch(i -> i >= 0 && i < answers);
      assertThat(drawn)
          .as("the same when asked again")
          .isEqualTo(AlolSampling.PROPORTIONAL.batch(epochs, ones(answers), step));
    }
    assertThat(seen).hasSize(answers).doesNotHaveDuplicates();
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
