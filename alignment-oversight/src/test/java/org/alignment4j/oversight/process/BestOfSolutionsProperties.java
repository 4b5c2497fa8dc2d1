package org.alignment4j.oversight.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Best of n against the mean over every subset of n. */
class BestOfSolutionsProperties {

  private static List<Candidate> candidates(int count, long seed) {
    Random random = new Random(seed);
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int answer = random.nextInt(4);
      candidates.add(
          new Candidate(random.nextInt(4), answer == 0 ? "" : "a" + answer, answer == 1));
    }
    return candidates;
  }

  private static double overSubsets(
      List<Candidate> all, int n, ToDoubleFunction<List<Candidate>> value) {
    double sum = 0;
    int subsets = 0;
    for (int mask = 0; mask < (1 << all.size()); mask++) {
      if (Integer.bitCount(mask) == n) {
        List<Candidate> drawn = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
          if (((mask >> i) & 1) == 1 && !all.get(i).answer().isEmpty()) {
            drawn.add(all.get(i));
          }
        }
        sum += drawn.isEmpty() ? 0 : value.applyAsDouble(drawn);
        subsets++;
      }
    }
    return sum / subsets;
  }

  private static double shareRight(List<Candidate> candidates) {
    return candidates.stream().mapToDouble(c -> c.right() ? 1 : 0).average().orElseThrow();
  }

  private static double best(List<Candidate> drawn) {
    double top = drawn.stream().mapToDouble(Candidate::score).max().orElseThrow();
    return shareRight(drawn.stream().filter(c -> c.score() == top).toList());
  }

  private static double majority(List<Candidate> drawn) {
    List<String> answers = drawn.stream().map(Candidate::answer).toList();
    long most =
        answers.stream()
            .mapToLong(a -> answers.stream().filter(a::equals).count())
            .max()
            .orElseThrow();
    return drawn.stream()
        .map(Candidate::answer)
        .distinct()
        .filter(a -> answers.stream().filter(a::equals).count() == most)
        .mapToDouble(a -> a.equals("a1") ? 1 : 0)
        .average()
        .orElseThrow();
  }

  @Property(tries = 100)
  void everyRuleIsTheMeanOverSubsets(
      @ForAll @IntRange(min = 1, max = 9) int count, @ForAll long seed) {
    List<Candidate> all = candidates(count, seed);
    int n = 1 + Math.floorMod(seed, count);
    List<List<Candidate>> problem = List.of(all);
    assertThat(BestOfSolutions.byScore(problem, n).value())
        .isCloseTo(overSubsets(all, n, BestOfSolutionsProperties::best), within(1e-9));
    assertThat(BestOfSolutions.byChance(problem, n).value())
        .isCloseTo(overSubsets(all, n, BestOfSolutionsProperties::shareRight), within(1e-9));
    assertThat(BestOfSolutions.byOracle(problem, n).value())
        .isCloseTo(
            overSubsets(all, n, d -> d.stream().anyMatch(Candidate::right) ? 1 : 0), within(1e-9));
    assertThat(BestOfSolutions.byMajority(problem, n, 1).value())
        .isCloseTo(overSubsets(all, n, BestOfSolutionsProperties::majority), within(0.12));
  }

  /** A checker of steps picks a right chain whenever one is drawn. */
  @Example
  void anExactVerifierReachesTheOracle() {
    List<List<Candidate>> problems = new ArrayList<>();
    for (int p = 0; p < 40; p++) {
      List<Candidate> chains = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int error = (p + i) % 6 - 1;
        double[] steps =
            ArithmeticChains.chain(5, error, 100 * p + i).solution().steps().stream()
                .mapToDouble(step -> ArithmeticChains.holds(step) ? 0.9 : 0.2)
                .toArray();
        chains.add(new Candidate(StepSupervision.logScore(steps), "answer" + error, error == -1));
      }
      problems.add(chains);
    }
    for (int n : new int[] {1, 4, 12}) {
      assertThat(BestOfSolutions.byScore(problems, n).value())
          .isCloseTo(BestOfSolutions.byOracle(problems, n).value(), within(1e-9));
    }
    assertThat(BestOfSolutions.byScore(problems, 4).n()).isEqualTo(40);
    assertThat(BestOfSolutions.byChance(problems, 4).value()).isCloseTo(1 / 6.0, within(0.01));
  }

  /** What each problem contributes is what it comes to by itself. */
  @Example
  void sharesAreThoseOfEachProblem() {
    List<List<Candidate>> problems = List.of(candidates(8, 1), candidates(8, 2), candidates(8, 3));
    double[][] shares = {
      BestOfSolutions.scoreShares(problems, 3),
      BestOfSolutions.chanceShares(problems, 3),
      BestOfSolutions.oracleShares(problems, 3)
    };
    for (int p = 0; p < problems.size(); p++) {
      List<List<Candidate>> one = problems.subList(p, p + 1);
      assertThat(shares[0][p]).isEqualTo(BestOfSolutions.byScore(one, 3).value());
      assertThat(shares[1][p]).isEqualTo(BestOfSolutions.byChance(one, 3).value());
      assertThat(shares[2][p]).isEqualTo(BestOfSolutions.byOracle(one, 3).value());
    }
    assertThat(BestOfSolutions.byMajority(problems, 3, 5).value())
        .isCloseTo(
            Arrays.stream(BestOfSolutions.majorityShares(problems, 3, 5)).average().orElseThrow(),
            within(1e-12));
  }

  @Example
  void badInputIsNamed() {
    List<List<Candidate>> problems = List.of(candidates(3, 1));
    assertThatThrownBy(() -> BestOfSolutions.byScore(problems, 4))
        .hasMessage("n must be from 1 to the number of candidates, 3 of problem 0, but was 4");
    assertThatThrownBy(() -> new Candidate(Double.NaN, "a", false))
        .hasMessageContaining("but score, answer and right were NaN, 'a' and false");
    assertThatThrownBy(() -> new Candidate(0, "", true)).hasMessageContaining("an answer where it");
  }
}
