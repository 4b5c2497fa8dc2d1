package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;

/**
 * Figures over turns, clustered by question: a question with one verdict counts with that one, as
 * in the reference code.
 *
 * @param main name of the main figure
 * @param share whether scores are shares of a win
 */
record MtBenchFigures(String main, boolean share) {
  private static final String CONSISTENT = "position_consistency";

  /** Name of the score of a turn, counted from 0. */
  static String turn(String main, int turn) {
    return main + "/turn-" + (turn + 1);
  }

  /** Name of the score that says whether both orders agree on a turn. */
  static String consistent(int turn) {
    return turn(CONSISTENT, turn);
  }

  List<Metric> metrics(Metric first, List<String> categories) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(first);
    for (int turn = 0; turn < MtBenchQuestion.TURNS; turn++) {
      metrics.add(renamed(first, turn(main, turn)));
    }
    categories.forEach(category -> metrics.add(renamed(first, main + "/" + category)));
    if (share) {
      metrics.add(
          Metric.of(CONSISTENT, "fraction", Direction.HIGHER)
              .withCitation("Zheng et al. 2023, arXiv 2306.05685, table 2"));
    }
    return metrics;
  }

  private static Metric renamed(Metric metric, String name) {
    return new Metric(name, metric.unit(), metric.direction(), metric.chance(), metric.citation());
  }

  Map<String, Estimate> estimate(List<SampleResult> results, List<String> categories) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put(main, pooled(results, both(main), r -> true));
    for (int turn = 0; turn < MtBenchQuestion.TURNS; turn++) {
      String name = turn(main, turn);
      estimates.put(name, pooled(results, List.of(name), r -> true));
    }
    for (String category : categories) {
      estimates.put(
          main + "/" + category,
          pooled(
              results,
              both(main),
              r -> category.equals(r.metadata().get(MtBenchQuestion.CATEGORY))));
    }
    if (share) {
      estimates.put(CONSISTENT, pooled(results, both(CONSISTENT), r -> true));
    }
    return estimates;
  }

  private static List<String> both(String name) {
    return List.of(turn(name, 0), turn(name, 1));
  }

  private Estimate pooled(
      List<SampleResult> results, List<String> names, Predicate<SampleResult> which) {
    List<Double> values = new ArrayList<>();
    List<Integer> clusters = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    long unscored = 0;
    long failed = 0;
    for (SampleResult result : results) {
      for (String name : names) {
        Score score = which.test(result) ? result.scores().get(name) : null;
        if (score instanceof Score.Scored scored) {
          values.add(scored.value());
          clusters.add(numbers.computeIfAbsent(result.cluster(), c -> numbers.size()));
        } else if (score instanceof Score.Unscored) {
          unscored++;
        } else if (score instanceof Score.Failed) {
          failed++;
        }
      }
    }
    double[] each = values.stream().mapToDouble(v -> v).toArray();
    int[] cluster = clusters.stream().mapToInt(c -> c).toArray();
    return Estimates.withMissing(
        share
            ? Estimates.clusteredProportion(each, cluster)
            : Estimates.boundedMean(each, cluster, RatingParser.LEAST, RatingParser.MOST),
        unscored,
        failed);
  }
}
