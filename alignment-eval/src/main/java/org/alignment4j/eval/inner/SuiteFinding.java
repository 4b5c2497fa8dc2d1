package org.alignment4j.eval.inner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.statistics.MultipleComparisons;
import org.alignment4j.eval.solve.MetricScores;
import org.apiguardian.api.API;

/**
 * Whether a model scores above chance on a suite of questions.
 *
 * @param suite the suite
 * @param value share or mean probability of the matching answers
 * @param chance what guessing scores
 * @param test the score against chance, paired by question; its p-value is that of a sign-flip test
 * @param adjusted the p-value adjusted by Holm's method for the suites tested together; NaN when
 *     nothing was scored
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SuiteFinding(
    String suite, Estimate value, double chance, PairedGap test, double adjusted) {

  private static final double CHANCE = 0.5;

  /** Checks that nothing is missing. */
  public SuiteFinding {
    Objects.requireNonNull(suite, "suite");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(test, "test");
  }

  /**
   * Tests suites against chance.
   *
   * @param results what the samples of {@link QuestionSuites} came to
   * @param suites the suites' names
   * @param seed of the random sign patterns
   * @return a finding for each suite, in order
   */
  public static List<SuiteFinding> of(List<SampleResult> results, List<String> suites, long seed) {
    List<MetricScores> scores =
        suites.stream().map(suite -> QuestionSuites.scores(results, suite, suite)).toList();
    List<PairedGap> tests = new ArrayList<>();
    for (MetricScores own : scores) {
      double[] values = own.values();
      double[] chance = new double[values.length];
      Arrays.fill(chance, CHANCE);
      tests.add(PairedGap.of(values, chance, own.clusters(), seed));
    }
    // A suite that nothing is known of is no test; it must not fail the others either.
    double[] raw = tests.stream().mapToDouble(PairedGap::pValue).toArray();
    double[] adjusted =
        MultipleComparisons.holm(Arrays.stream(raw).map(p -> Double.isNaN(p) ? 1 : p).toArray());
    List<SuiteFinding> findings = new ArrayList<>();
    for (int i = 0; i < suites.size(); i++) {
      findings.add(
          new SuiteFinding(
              suites.get(i),
              scores.get(i).proportion(),
              CHANCE,
              tests.get(i),
              Double.isNaN(raw[i]) ? Double.NaN : adjusted[i]));
    }
    return List.copyOf(findings);
  }

  /**
   * Returns whether the score is above chance at a level, after adjustment.
   *
   * @param alpha level, in (0, 1)
   * @return false when nothing was scored
   */
  public boolean exceedsChance(double alpha) {
    return value.value() > chance && adjusted <= alpha;
  }
}
