package org.alignment4j.eval.factuality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.solve.MetricScores;

/**
 * Figures of facts: over all, over relations as a mean of means, by kind and by relation.
 *
 * @param names the metrics
 * @param parted those that are also given by kind and relation
 * @param kinds the kinds of relations; empty when the file does not say
 * @param relations the relations
 */
record ClozeFigures(
    List<String> names, List<String> parted, List<String> kinds, List<String> relations) {

  private static final String MACRO = "/macro";
  private static final String PAPER =
      "Meng et al. 2022, arXiv 2202.05262; Hernandez et al. 2023, arXiv 2308.09124";

  static ClozeFigures of(List<Sample> samples, List<String> names, List<String> parted) {
    return new ClozeFigures(
        names,
        parted,
        values(samples, ClozeFact.KIND).stream().filter(kind -> !kind.isEmpty()).toList(),
        values(samples, ClozeFact.RELATION));
  }

  private static List<String> values(List<Sample> samples, String field) {
    return samples.stream()
        .map(sample -> sample.metadata().getOrDefault(field, ""))
        .distinct()
        .toList();
  }

  List<Metric> metrics(List<Sample> samples) {
    List<Metric> metrics = new ArrayList<>();
    names.forEach(name -> metrics.add(metric(name, "", samples)));
    for (String name : parted) {
      metrics.add(macro(name, samples));
      kinds.forEach(
          kind -> metrics.add(metric(name, "/" + kind, with(samples, ClozeFact.KIND, kind))));
      relations.forEach(
          relation ->
              metrics.add(
                  metric(name, "/" + relation, with(samples, ClozeFact.RELATION, relation))));
    }
    return List.copyOf(metrics);
  }

  private static List<Sample> with(List<Sample> samples, String field, String value) {
    return samples.stream().filter(sample -> value.equals(sample.metadata().get(field))).toList();
  }

  private Metric macro(String name, List<Sample> samples) {
    OptionalDouble chance =
        relations.stream()
            .map(relation -> chance(name, with(samples, ClozeFact.RELATION, relation)))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .average();
    return bare(name, MACRO, chance);
  }

  private static Metric metric(String name, String suffix, List<Sample> samples) {
    return bare(name, suffix, chance(name, samples));
  }

  private static Metric bare(String name, String suffix, OptionalDouble chance) {
    String unit =
        switch (name) {
          case ClozeScorer.RANK -> "";
          case ClozeScorer.LOGPROB -> "nats";
          default -> "fraction";
        };
    Direction direction = name.equals(ClozeScorer.RANK) ? Direction.LOWER : Direction.HIGHER;
    return new Metric(name + suffix, unit, direction, chance, PAPER);
  }

  private static OptionalDouble chance(String name, List<Sample> samples) {
    if (!ClozeScorer.COMPARED.contains(name)) {
      return OptionalDouble.empty();
    }
    return samples.stream()
        .filter(ClozeScorer::compared)
        .mapToDouble(
            sample -> {
              int candidates = sample.choices().size();
              int targets = sample.targets().size();
              return switch (name) {
                case ClozeScorer.MRR -> ClozeFormulas.chanceReciprocalRank(candidates, targets);
                case ClozeScorer.RANK -> ClozeFormulas.chanceRank(candidates, targets);
                default -> (double) targets / candidates;
              };
            })
        .average();
  }

  Map<String, Estimate> estimates(List<SampleResult> results) {
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    names.forEach(name -> estimates.put(name, overall(name, results, result -> true)));
    for (String name : parted) {
      for (String relation : relations) {
        MetricScores own = scores(name, results, in(ClozeFact.RELATION, relation));
        estimates.put(name + "/" + relation, ofRelation(name, own));
      }
      for (String kind : kinds) {
        estimates.put(name + "/" + kind, overall(name, results, in(ClozeFact.KIND, kind)));
      }
      estimates.put(name + MACRO, macro(name, scores(name, results, result -> true)));
    }
    return estimates;
  }

  private static MetricScores scores(
      String name, List<SampleResult> results, Predicate<SampleResult> which) {
    Predicate<SampleResult> applies =
        ClozeScorer.COMPARED.contains(name) ? which.and(in(ClozeFact.COMPARED, "true")) : which;
    return MetricScores.of(results, name, applies);
  }

  private static Predicate<SampleResult> in(String field, String value) {
    return result -> value.equals(result.metadata().get(field));
  }

  private static Estimate overall(
      String name, List<SampleResult> results, Predicate<SampleResult> which) {
    MetricScores scores = scores(name, results, which);
    return share(name) ? scores.proportion() : scores.mean(least(name), greatest(name));
  }

  private static double least(String name) {
    return switch (name) {
      case ClozeScorer.RANK -> 1;
      case ClozeScorer.LOGPROB -> Double.NEGATIVE_INFINITY;
      default -> 0;
    };
  }

  private static double greatest(String name) {
    return switch (name) {
      case ClozeScorer.RANK, ClozeScorer.LOGPROB -> Double.POSITIVE_INFINITY;
      default -> 1;
    };
  }

  private static Estimate ofRelation(String name, MetricScores scores) {
    int[] subjects = ClusterNumbers.by(scores, ClozeFact.SUBJECT);
    return scores.withMissing(
        share(name)
            ? Estimates.clusteredProportion(scores.values(), subjects)
            : Estimates.inRange(
                Estimates.clusteredMean(scores.values(), subjects), least(name), greatest(name)));
  }

  /** The mean of the relations' means; the relation of a fact is its cluster. */
  private static Estimate macro(String name, MetricScores all) {
    double[] values = all.values();
    int[] clusters = all.clusters();
    double[] means =
        IntStream.range(0, Arrays.stream(clusters).max().orElse(-1) + 1)
            .mapToDouble(
                cluster ->
                    IntStream.range(0, values.length)
                        .filter(i -> clusters[i] == cluster)
                        .mapToDouble(i -> values[i])
                        .average()
                        .orElseThrow())
            .toArray();
    Estimate mean = Estimates.inRange(Estimates.mean(means), least(name), greatest(name));
    // Relations are what is independent; the facts behind them are what was observed.
    return all.withMissing(
        new Estimate(
            mean.value(),
            mean.standardError(),
            mean.ciLow(),
            mean.ciHigh(),
            mean.confidence(),
            all.values().length,
            means.length,
            0,
            0));
  }

  private static boolean share(String name) {
    return List.of(
            ClozeScorer.ACC, ClozeScorer.ACC_NORM, ClozeScorer.GREEDY, GeneratedObject.GENERATED)
        .contains(name);
  }
}
