package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.solve.MetricScores;

/**
 * The figures of AlpacaEval.
 *
 * @param gamed rows that length control is held by
 * @param seed of the bootstrap
 */
record AlpacaFigures(Optional<GamedBaselines> gamed, long seed) {
  static final String WIN_RATE = "win_rate";
  static final String DISCRETE = "discrete_win_rate";
  static final String CONTROLLED = "length_controlled_win_rate";
  static final String LENGTH = "length";

  /** Whether an output is the baseline's; a score of samples, not a figure. */
  static final String SAME = "same";

  static final String INDEX = "index";
  static final String BASELINE_LENGTH = "baseline length";

  private static final double PERCENT = 100;
  private static final double EVEN = 0.5;
  private static final int RESAMPLES = 1000;

  static List<Metric> metrics() {
    return List.of(
        rate(CONTROLLED, "Dubois et al. 2024, arXiv 2404.04475, section 3"),
        rate(WIN_RATE, "Dubois et al. 2024, arXiv 2404.04475, section 2"),
        rate(DISCRETE, "AlpacaEval, metrics/winrate.py"),
        Metric.of(LENGTH, "characters", Direction.NEUTRAL)
            .withCitation("Dubois et al. 2024, arXiv 2404.04475, table 1"));
  }

  private static Metric rate(String name, String citation) {
    return Metric.of(name, "%", Direction.HIGHER).withChance(PERCENT * EVEN).withCitation(citation);
  }

  /** The scores of a judged output, from the probability that it is the better one. */
  static Map<String, Score> scores(double preference, String output, boolean same) {
    Map<String, Score> scores = unjudged(output, same);
    scores.put(WIN_RATE, new Score.Scored(PERCENT * preference));
    scores.put(
        DISCRETE,
        new Score.Scored(preference > EVEN ? PERCENT : preference < EVEN ? 0 : PERCENT * EVEN));
    return scores;
  }

  /** The scores of an output that the judge had no verdict on, or failed. */
  static Map<String, Score> without(Score verdict, String output, boolean same) {
    Map<String, Score> scores = unjudged(output, same);
    scores.put(WIN_RATE, verdict);
    scores.put(DISCRETE, verdict);
    return scores;
  }

  private static Map<String, Score> unjudged(String output, boolean same) {
    Map<String, Score> scores = new LinkedHashMap<>();
    scores.put(LENGTH, new Score.Scored(characters(output)));
    scores.put(SAME, new Score.Scored(same ? 1 : 0));
    return scores;
  }

  static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  Map<String, Estimate> estimate(List<SampleResult> results) {
    return estimate(results, true);
  }

  /** The values alone: the interval of the controlled rate takes a thousand fits. */
  Map<String, Estimate> values(List<SampleResult> results) {
    return estimate(results, false);
  }

  private Map<String, Estimate> estimate(List<SampleResult> results, boolean intervals) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    MetricScores rates = MetricScores.of(results, WIN_RATE);
    if (rates.scored().size() >= LengthControl.least()) {
      estimates.put(CONTROLLED, rates.withMissing(controlled(rates, intervals)));
    }
    estimates.put(WIN_RATE, rates.mean(0, PERCENT));
    estimates.put(DISCRETE, MetricScores.of(results, DISCRETE).mean(0, PERCENT));
    estimates.put(LENGTH, MetricScores.of(results, LENGTH).mean(0, Double.POSITIVE_INFINITY));
    return estimates;
  }

  private Estimate controlled(MetricScores rates, boolean intervals) {
    List<LengthControl.Item> items = new ArrayList<>();
    boolean allSame = true;
    double[] values = rates.values();
    for (int i = 0; i < values.length; i++) {
      SampleResult result = rates.scored().get(i);
      double length = value(result, LENGTH);
      allSame &= value(result, SAME) == 1;
      double baseline = Double.parseDouble(result.metadata().getOrDefault(BASELINE_LENGTH, "0"));
      items.add(new LengthControl.Item(values[i] / PERCENT, baseline - length, difficulty(result)));
    }
    List<GamedBaselines.Item> rows = gamed.map(GamedBaselines::items).orElse(List.of());
    if (allSame || !intervals) {
      int n = values.length;
      double unknown = Double.NaN;
      return new Estimate(
          allSame ? LengthControl.ofBaselineItself() : LengthControl.fit(items, rows).winRate(),
          unknown,
          unknown,
          unknown,
          Estimates.DEFAULT_CONFIDENCE,
          n,
          n,
          0,
          0);
    }
    Bootstrap bootstrap = new Bootstrap(RESAMPLES, seed, Estimates.DEFAULT_CONFIDENCE);
    return LengthControl.winRate(items, rows, bootstrap).estimate();
  }

  private double difficulty(SampleResult result) {
    long index = Long.parseLong(result.metadata().getOrDefault(INDEX, "-1"));
    return gamed.map(rows -> rows.difficulties().getOrDefault(index, 0.0)).orElse(0.0);
  }

  private static double value(SampleResult result, String name) {
    return result.scores().get(name) instanceof Score.Scored scored ? scored.value() : 0;
  }
}
