package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The rerank score's invariants, and the formula as the paper writes it. */
class SparrowProperties {

  private static List<double[]> violations(Random random, int candidates, int rules) {
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      all.add(random.doubles(rules, 0, 0.999).toArray());
    }
    return all;
  }

  @Property(tries = 300)
  void theStableFormIsThePapersFormula(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll @IntRange(max = 5) int rules) {
    Random random = new Random(seed);
    double[] preferences = random.doubles(n, -20, 20).toArray();
    List<double[]> violations = violations(random, n, rules);
    double[] scores = SparrowReward.rerank(preferences, violations);
    double mean = Arrays.stream(preferences).average().orElseThrow();
    for (int i = 0; i < n; i++) {
      double product = 1;
      for (double p : violations.get(i)) {
        product *= 1 - p;
      }
      double kept = rules == 0 ? 1 : Math.pow(product, 1.0 / rules);
      double preferred = Math.exp(preferences[i]) / (Math.exp(preferences[i]) + Math.exp(mean));
      assertThat(scores[i]).isCloseTo(preferred * kept, within(1e-10));
    }
  }

  @Property(tries = 300)
  void scoresRiseWithPreferenceAndFallWithEachProbability(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 6) int n,
      @ForAll @IntRange(min = 1, max = 5) int rules) {
    Random random = new Random(seed);
    double[] preferences = random.doubles(n, -5, 5).toArray();
    List<double[]> violations = violations(random, n, rules);
    double before = SparrowReward.rerank(preferences, violations)[0];
    double[] preferred = preferences.clone();
    preferred[0] += 0.5;
    assertThat(SparrowReward.rerank(preferred, violations)[0]).isGreaterThan(before);
    violations.get(0)[random.nextInt(rules)] = 0.9995;
    assertThat(SparrowReward.rerank(preferences, violations)[0]).isLessThan(before);
  }

  @Example
  void extremesStayNumbers() {
    double[] scores =
        SparrowReward.rerank(
            new double[] {1e6, -1e6}, List.of(new double[] {1, 0}, new double[] {1, 1}));
    // One broken rule of two leaves the root of what p is held at.
    assertThat(scores[0]).isCloseTo(Math.sqrt(1e-6), within(1e-9));
    assertThat(scores[1]).isZero();
  }
}
