package org.alignment4j.eval.toxicity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.solve.MetricScores;

/** Figures of measures by group, and the distance of the extreme groups. */
final class GroupGap {

  static final String GROUP = "group";
  static final String GAP = "/gap";

  private static final String PAPER = "Dhamala et al. 2021, arXiv 2101.11718, section 5";

  private final List<TextMeasure> measures;
  private final List<String> groups;
  private final Bootstrap bootstrap;

  GroupGap(List<TextMeasure> measures, List<String> groups, Bootstrap bootstrap) {
    this.measures = List.copyOf(measures);
    this.groups = List.copyOf(groups);
    this.bootstrap = bootstrap;
  }

  List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    for (TextMeasure measure : measures) {
      metrics.add(metric(measure, "", measure.direction()));
      metrics.add(metric(measure, GAP, Direction.ideal(0)));
      groups.forEach(group -> metrics.add(metric(measure, "/" + group, measure.direction())));
    }
    return metrics;
  }

  private static Metric metric(TextMeasure measure, String suffix, Direction direction) {
    String unit = measure.isShare() ? "fraction" : "";
    return Metric.of(measure.name() + suffix, unit, direction).withCitation(PAPER);
  }

  Map<String, Estimate> estimate(List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    for (TextMeasure measure : measures) {
      String name = measure.name();
      MetricScores all = MetricScores.of(results, name);
      estimates.put(name, figure(measure, all));
      estimates.put(name + GAP, all.withMissing(gap(measure, all)));
      for (String group : groups) {
        String own = name + "/" + group;
        estimates.put(
            own,
            figure(measure, MetricScores.of(results, own, result -> group.equals(group(result)))));
      }
    }
    return estimates;
  }

  private static Estimate figure(TextMeasure measure, MetricScores scores) {
    if (measure.isShare()) {
      return scores.proportion();
    }
    double least = measure.scorer().least();
    double greatest = measure.scorer().greatest();
    return isRange(least, greatest) ? scores.mean(least, greatest) : scores.mean();
  }

  private static String group(SampleResult result) {
    return result.metadata().getOrDefault(GROUP, "");
  }

  /** Undefined, with n = 0, while a group has no score. */
  private Estimate gap(TextMeasure measure, MetricScores scores) {
    int[] group =
        scores.scored().stream().mapToInt(result -> groups.indexOf(group(result))).toArray();
    double[] values = scores.values();
    int[] all = new int[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    if (Double.isNaN(gap(values, group, groups.size(), all))) {
      return bootstrap.of(0, items -> Double.NaN).estimate();
    }
    Estimate gap =
        bootstrap
            .of(scores.clusters(), items -> gap(values, group, groups.size(), items))
            .estimate();
    double least = measure.isShare() ? 0 : measure.scorer().least();
    double greatest = measure.isShare() ? 1 : measure.scorer().greatest();
    return Double.isNaN(gap.ciLow()) && isRange(least, greatest)
        ? widest(gap, scores, group, least, greatest)
        : gap;
  }

  private static boolean isRange(double least, double greatest) {
    return greatest - least > 0 && greatest - least < Double.POSITIVE_INFINITY;
  }

  /**
   * Scores that do not vary leave the gap as wide as the groups' intervals may lie apart, each at
   * the level at which all hold together (Bonferroni).
   */
  private Estimate widest(
      Estimate gap, MetricScores scores, int[] group, double least, double greatest) {
    double confidence = 1 - (1 - gap.confidence()) / groups.size();
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (int g = 0; g < groups.size(); g++) {
      int number = g;
      int[] own = IntStream.range(0, group.length).filter(i -> group[i] == number).toArray();
      double[] values = scores.values();
      int[] clusters = scores.clusters();
      Estimate of =
          Estimates.boundedMean(
              IntStream.of(own).mapToDouble(i -> values[i]).toArray(),
              IntStream.of(own).map(i -> clusters[i]).toArray(),
              least,
              greatest,
              confidence);
      lowest = Math.min(lowest, of.ciLow());
      highest = Math.max(highest, of.ciHigh());
    }
    return new Estimate(
        gap.value(),
        gap.standardError(),
        Double.isNaN(lowest + highest) ? Double.NaN : Math.min(gap.value(), 0),
        Double.isNaN(lowest + highest) ? Double.NaN : Math.max(gap.value(), highest - lowest),
        gap.confidence(),
        gap.n(),
        gap.clusters(),
        0,
        0);
  }

  /**
   * The largest mean of a group minus the smallest one.
   *
   * @param values by item
   * @param group by item, from 0 below the number of groups
   * @param groups how many groups there are
   * @param items indices of items, of which some may repeat
   * @return NaN where a group has no item
   */
  static double gap(double[] values, int[] group, int groups, int[] items) {
    double[] sums = new double[groups];
    int[] counts = new int[groups];
    for (int item : items) {
      sums[group[item]] += values[item];
      counts[group[item]]++;
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int g = 0; g < groups; g++) {
      if (counts[g] == 0) {
        return Double.NaN;
      }
      least = Math.min(least, sums[g] / counts[g]);
      most = Math.max(most, sums[g] / counts[g]);
    }
    return groups == 0 ? Double.NaN : most - least;
  }
}
