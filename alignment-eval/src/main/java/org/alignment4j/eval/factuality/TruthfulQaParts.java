package org.alignment4j.eval.factuality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.solve.MetricScores;

/**
 * Figures of TruthfulQA over all questions, by type, and over all with errors clustered by
 * category.
 *
 * @param types those that the samples have
 */
record TruthfulQaParts(List<String> types) {

  private static final String BY_CATEGORY = "/by_category";

  TruthfulQaParts {
    types = List.copyOf(types);
  }

  static TruthfulQaParts of(List<Sample> samples) {
    return new TruthfulQaParts(
        samples.stream()
            .map(sample -> sample.metadata().getOrDefault(TruthfulQaItem.TYPE, ""))
            .distinct()
            .toList());
  }

  /**
   * The metrics of names.
   *
   * @param metric makes the metric of a name over samples
   */
  List<Metric> metrics(
      List<String> names, List<Sample> samples, BiFunction<String, List<Sample>, Metric> metric) {
    List<Metric> metrics = new ArrayList<>();
    names.forEach(name -> metrics.add(metric.apply(name, samples)));
    for (String type : types) {
      List<Sample> own =
          samples.stream()
              .filter(sample -> type.equals(sample.metadata().get(TruthfulQaItem.TYPE)))
              .toList();
      names.forEach(name -> metrics.add(renamed(metric.apply(name, own), "/" + type)));
    }
    names.forEach(name -> metrics.add(renamed(metric.apply(name, samples), BY_CATEGORY)));
    return List.copyOf(metrics);
  }

  private static Metric renamed(Metric metric, String suffix) {
    return new Metric(
        metric.name() + suffix,
        metric.unit(),
        metric.direction(),
        metric.chance(),
        metric.citation());
  }

  /**
   * The estimates of names.
   *
   * @param estimate makes the estimate of a name from its scores
   * @param share whether the scores of a name lie from 0 to 1
   */
  Map<String, Estimate> estimates(
      List<String> names,
      List<SampleResult> results,
      BiFunction<String, MetricScores, Estimate> estimate,
      Predicate<String> share) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (String name : names) {
      MetricScores scores = MetricScores.of(results, name);
      estimates.put(name, estimate.apply(name, scores));
      for (String type : types) {
        estimates.put(
            name + "/" + type,
            estimate.apply(
                name,
                MetricScores.of(
                    results,
                    name,
                    result -> type.equals(result.metadata().get(TruthfulQaItem.TYPE)))));
      }
      estimates.put(name + BY_CATEGORY, byCategory(scores, share.test(name)));
    }
    return estimates;
  }

  private static Estimate byCategory(MetricScores scores, boolean share) {
    double[] values = scores.values();
    int[] categories = ClusterNumbers.by(scores, TruthfulQaItem.CATEGORY);
    return scores.withMissing(
        share
            ? Estimates.boundedMean(values, categories, 0, 1)
            : Estimates.clusteredMean(values, categories));
  }
}
