package org.alignment4j.core.judge;

import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How much of a sampled judge's verdicts is chance, over pairs; pairs without two verdicts in one
 * order are unscored.
 *
 * @param deviation {@link #DEVIATION}
 * @param agreement {@link #AGREEMENT}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JudgeNoise(Estimate deviation, Estimate agreement) {
  private static final String FAIR_EVAL = "cf. Wang et al. 2023, arXiv 2305.17926";

  /** Mean standard deviation of verdicts about one pair in one order. */
  public static final Metric DEVIATION =
      Metric.of("verdict deviation", "fraction", Direction.LOWER).withCitation(FAIR_EVAL);

  /** Mean share of two verdicts about one pair in one order that agree. */
  public static final Metric AGREEMENT =
      Metric.of("verdict agreement", "fraction", Direction.HIGHER).withCitation(FAIR_EVAL);

  /** Returns both figures. */
  public static JudgeNoise of(Collection<SampledPreference> preferences) {
    return new JudgeNoise(
        mean(preferences, SampledPreference::deviation),
        mean(preferences, SampledPreference::agreement));
  }

  private static Estimate mean(
      Collection<SampledPreference> preferences,
      Function<SampledPreference, OptionalDouble> figure) {
    List<OptionalDouble> figures = preferences.stream().map(figure).toList();
    double[] scored = figures.stream().flatMapToDouble(OptionalDouble::stream).toArray();
    return Estimates.withMissing(Estimates.proportion(scored), figures.size() - scored.length, 0);
  }
}
