package org.alignment4j.eval;

import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.report.Section;

/** A benchmark whose samples are solved in several epochs, each with random numbers of its own. */
record RepeatedBenchmark(Benchmark benchmark, Epochs epochs) implements Benchmark, PageSections {

  @Override
  public List<Section> sections(String model, List<SampleResult> results) {
    return benchmark instanceof PageSections page
        ? page.sections(model, Epochs.reduce(results, epochs.reduction()))
        : List.of();
  }

  @Override
  public String name() {
    return benchmark.name();
  }

  @Override
  public String version() {
    return benchmark.version();
  }

  @Override
  public boolean wholeClusters() {
    return benchmark.wholeClusters();
  }

  @Override
  public String dimension() {
    return benchmark.dimension();
  }

  @Override
  public List<Metric> metrics() {
    return benchmark.metrics().stream()
        .map(metric -> EpochNames.of(metric, epochs.reduction()))
        .toList();
  }

  private <T> Map<String, T> named(Map<String, T> byScore) {
    Map<String, T> named = new LinkedHashMap<>();
    for (Metric metric : benchmark.metrics()) {
      T value = byScore.get(metric.name());
      if (value != null) {
        named.put(EpochNames.of(metric, epochs.reduction()).name(), value);
      }
    }
    return named;
  }

  @Override
  public Stream<Sample> samples() {
    return benchmark.samples().flatMap(sample -> epochs.of(sample).stream());
  }

  @Override
  public Solver solver() {
    Solver once = benchmark.solver();
    return new Solver() {
      @Override
      public Set<Class<? extends Model>> requires() {
        return once.requires();
      }

      @Override
      public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
        return RepeatedBenchmark.solve(once, samples, model, cancellation);
      }
    };
  }

  private static List<Answer> solve(
      Solver once, List<Sample> samples, Model model, CancellationToken cancellation) {
    Map<Integer, List<Integer>> byEpoch = new TreeMap<>();
    for (int i = 0; i < samples.size(); i++) {
      byEpoch.computeIfAbsent(Epochs.epoch(samples.get(i)), e -> new ArrayList<>()).add(i);
    }
    Answer[] answers = new Answer[samples.size()];
    byEpoch.forEach(
        (epoch, places) -> {
          Model seeded =
              model instanceof LanguageModel language ? new EpochModel(language, epoch) : model;
          List<Sample> asked =
              places.stream().map(place -> Epochs.original(samples.get(place))).toList();
          List<Answer> own = once.solve(asked, seeded, cancellation);
          if (own.size() != asked.size()) {
            throw new IllegalStateException(
                "a solver must give one answer per sample but gave "
                    + own.size()
                    + " for "
                    + asked.size());
          }
          for (int i = 0; i < own.size(); i++) {
            answers[places.get(i)] = Objects.requireNonNull(own.get(i));
          }
        });
    return List.of(answers);
  }

  @Override
  public Scorer scorer() {
    Scorer once = benchmark.scorer();
    if (once instanceof JudgingScorer judging) {
      JudgingScorer repeated =
          (sample, answer, meter, cancellation) ->
              judging.score(Epochs.original(sample), answer, meter, cancellation);
      return repeated.judgedBy(judging.judges());
    }
    return (sample, answer, cancellation) ->
        once.score(Epochs.original(sample), answer, cancellation);
  }

  @Override
  public Set<String> otherScores() {
    return benchmark.otherScores();
  }

  @Override
  public Set<String> estimatorOptions() {
    return benchmark.estimatorOptions();
  }

  @Override
  public Map<String, Estimate> estimate(List<SampleResult> results) {
    List<SampleResult> reduced = Epochs.reduce(results, epochs.reduction());
    Map<String, Estimate> estimates = benchmark.estimate(reduced);
    List<SampleResult> lost = Epochs.lost(results);
    return named(
        withoutValue(lost).equals(withoutValue(reduced))
            ? estimates
            : counted(estimates, benchmark.estimate(lost)));
  }

  /** By sample, the metrics on which there is no value, and why. */
  private static List<Map<String, Score>> withoutValue(List<SampleResult> results) {
    return results.stream()
        .map(r -> Maps.filterValues(r.scores(), score -> !(score instanceof Score.Scored)))
        .toList();
  }

  /** An epoch without a value is left out of its sample's, but no less counted for that. */
  private static Map<String, Estimate> counted(
      Map<String, Estimate> estimates, Map<String, Estimate> lost) {
    Map<String, Estimate> all = new LinkedHashMap<>();
    estimates.forEach(
        (metric, e) -> {
          Estimate counts = lost.getOrDefault(metric, e);
          all.put(
              metric,
              new Estimate(
                  e.value(),
                  e.standardError(),
                  e.ciLow(),
                  e.ciHigh(),
                  e.confidence(),
                  e.n(),
                  e.clusters(),
                  counts.unscored(),
                  counts.failed()));
        });
    return all;
  }

  @Override
  public Map<String, Double> figures(List<SampleResult> results) {
    return named(benchmark.figures(Epochs.reduce(results, epochs.reduction())));
  }

  @Override
  public Provenance provenance() {
    return benchmark.provenance();
  }
}
