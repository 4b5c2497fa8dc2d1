package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.Scorer;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.core.statistics.Estimates;

/**
 * Questions {@code q0}, {@code q1}, …, right when the reply is {@code yes}, by pairs in clusters.
 */
public class TinyBenchmark implements Benchmark {
  public static final String METRIC = "accuracy";

  final List<Integer> batches = new CopyOnWriteArrayList<>();
  final String name;
  List<Sample> samples;
  Set<Class<? extends Model>> requires = Set.of(LanguageModel.class);
  Scorer scorer = TinyBenchmark::exactMatch;
  Map<String, String> options = Map.of();
  Set<String> estimatorOptions = Set.of();
  Set<String> otherScores = Set.of();

  /** Questions {@code q0} to one less than the size. */
  public TinyBenchmark(String name, int size) {
    this.name = name;
    this.samples = IntStream.range(0, size).mapToObj(TinyBenchmark::sample).toList();
  }

  static Sample sample(int i) {
    return new Sample(
        "s" + i,
        Prompt.text("q" + i),
        List.of(),
        List.of("yes"),
        "pair" + i / 2,
        Map.of("subject", i % 3 == 0 ? "maths" : "history"));
  }

  /** Right, wrong, or, where the reply is {@code dunno}, no verdict. */
  static Map<String, Score> exactMatch(Sample sample, Answer answer, CancellationToken token) {
    String text = answer.completions().get(0).text();
    return Map.of(
        METRIC,
        text.equals("dunno")
            ? new Score.Unscored("no verdict")
            : new Score.Scored(sample.targets().contains(text) ? 1 : 0));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.of(METRIC, "fraction", Direction.HIGHER).withChance(0.5));
  }

  @Override
  public Stream<Sample> samples() {
    return samples.stream();
  }

  @Override
  public Solver solver() {
    return new Solver() {
      @Override
      public Set<Class<? extends Model>> requires() {
        return requires;
      }

      @Override
      public List<Answer> solve(List<Sample> asked, Model model, CancellationToken cancellation) {
        batches.add(asked.size());
        List<Answer> answers = new ArrayList<>();
        ((LanguageModel) model)
            .generate(
                asked.stream().map(Sample::prompt).toList(),
                SamplingOptions.greedy(4),
                cancellation)
            .forEach(c -> answers.add(new Answer(List.of(c), List.of(), c.usage())));
        return answers;
      }
    };
  }

  @Override
  public Scorer scorer() {
    return scorer;
  }

  @Override
  public Map<String, Estimate> estimate(List<SampleResult> results) {
    List<Double> values = new ArrayList<>();
    List<String> clusters = new ArrayList<>();
    int unscored = 0;
    int failed = 0;
    for (SampleResult result : results) {
      Score score = result.scores().get(METRIC);
      if (score instanceof Score.Scored scored) {
        values.add(scored.value());
        clusters.add(result.cluster());
      } else if (score instanceof Score.Unscored) {
        unscored++;
      } else {
        failed++;
      }
    }
    return Map.of(
        METRIC,
        Estimates.withMissing(
            Estimates.clusteredProportion(
                values.stream().mapToDouble(v -> v).toArray(),
                clusters.stream().mapToInt(String::hashCode).toArray()),
            unscored,
            failed));
  }

  @Override
  public Set<String> otherScores() {
    return otherScores;
  }

  @Override
  public Set<String> estimatorOptions() {
    return estimatorOptions;
  }

  @Override
  public Provenance provenance() {
    return new Provenance(
        "dataset",
        name,
        Map.of("content", ContentHash.of(name)),
        Map.of(),
        options,
        Map.of(),
        "",
        List.of());
  }
}
