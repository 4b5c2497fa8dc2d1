package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which prompts a classifier of prompts is fitted to. */
class DistributionSampleTest {

  private static final DistributionMatching TWO =
      new DistributionMatching("number", prompt -> new double[] {1}, 0.5, 10, 2);

  /** Each of the twelve ordered choices, within 4 standard deviations of a binomial count. */
  @Test
  void everyChoiceIsAsLikely() {
    List<double[]> four =
        List.of(new double[] {0}, new double[] {1}, new double[] {2}, new double[] {3});
    int draws = 12_000;
    Map<String, Integer> counts = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < draws; i++) {
      List<double[]> drawn = TWO.sample(four, random);
      assertThat(drawn).hasSize(2).doesNotHaveDuplicates();
      counts.merge((int) drawn.get(0)[0] + " " + (int) drawn.get(1)[0], 1, Integer::sum);
    }
    assertThat(counts).hasSize(12);
    double share = 1 / 12.0;
    double bound = 4 * Math.sqrt(draws * share * (1 - share));
    assertThat(counts.values())
        .allSatisfy(n -> assertThat(Math.abs(n - draws * share)).isLessThan(bound));
  }

  @Test
  void fewAreTakenAsTheyAre() {
    List<double[]> two = List.of(new double[] {0}, new double[] {1});
    assertThat(TWO.sample(two, new SplittableRandom(8))).isSameAs(two);
  }
}
