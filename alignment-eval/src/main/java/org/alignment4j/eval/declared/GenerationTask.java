package org.alignment4j.eval.declared;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.InvalidScoreException;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/** One generated answer a sample, compared with the right ones. Stateless. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class GenerationTask {

  private GenerationTask() {}

  /**
   * Puts a benchmark together.
   *
   * @param name the benchmark's name
   * @param version the version of the task
   * @param read the samples
   * @param sampling how answers are generated
   * @param scorer how they are compared; its identity becomes part of the provenance, so that
   *     answers which another scorer scored are not taken for its own
   * @param metric what the mean of the scores is
   * @return the benchmark
   * @throws org.alignment4j.api.DataFormatException when files were read but no sample came of them
   * @throws IllegalArgumentException when the unit is per cent, or the scorer has no identity;
   *     {@link AnswerScorer#named} gives it one
   */
  public static LoadedBenchmark of(
      String name,
      String version,
      TemplatedSamples read,
      SamplingOptions sampling,
      AnswerScorer scorer,
      Metric metric) {
    if (metric.unit().strip().equals("%")) {
      throw new IllegalArgumentException(
          "scores lie in [0, 1], so the unit of metric '"
              + metric.name()
              + "' of '"
              + name
              + "' must be a fraction but was %");
    }
    Grouped figures = new Grouped(List.of(metric), read.groups(), true);
    Map<String, String> options = new HashMap<>(read.options());
    options.put("sampling", sampling.toString());
    options.put("scorer", identity(name, scorer));
    return new LoadedBenchmark(
        name,
        version,
        read.samples(),
        new LoadedBenchmark.Method(
            figures.all(),
            Generation.once(sampling),
            (sample, answer, cancellation) ->
                Map.of(
                    metric.name(),
                    share(
                        scorer.score(answer.completions().get(0).text(), sample.targets()),
                        scorer)),
            figures::estimate),
        read.reports(),
        options);
  }

  private static Score share(Score score, AnswerScorer scorer) {
    if (score instanceof Score.Scored scored && !(scored.value() >= 0 && scored.value() <= 1)) {
      throw new InvalidScoreException(
          "an answer's score must be in [0, 1] but that of scorer '"
              + scorer.identity().orElse("")
              + "' was "
              + scored.value());
    }
    return score;
  }

  private static String identity(String name, AnswerScorer scorer) {
    return scorer
        .identity()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the scorer of '"
                        + name
                        + "' must have an identity, by which results are kept, but has none; use"
                        + " AnswerScorer.named(\"...\", scorer)"));
  }

  /**
   * Puts a benchmark of samples together that were made in Java.
   *
   * @param name the benchmark's name
   * @param samples samples with right answers
   * @param sampling how answers are generated
   * @param scorer how they are compared, with an identity as in the other form
   * @param metric what the mean of the scores is
   * @return the benchmark, of version 1
   * @throws IllegalArgumentException when there is no sample, two have one id, a target cannot be
   *     compared with, or the scorer has no identity
   */
  public static LoadedBenchmark of(
      String name,
      List<Sample> samples,
      SamplingOptions sampling,
      AnswerScorer scorer,
      Metric metric) {
    for (Sample sample : samples) {
      if (sample.targets().isEmpty()) {
        throw new IllegalArgumentException(
            "a sample must have a right answer but '" + sample.id() + "' has none");
      }
      for (String target : sample.targets()) {
        scorer
            .problem(target)
            .ifPresent(
                problem -> {
                  throw new IllegalArgumentException(problem + " in sample '" + sample.id() + "'");
                });
      }
    }
    TemplatedSamples made = new TemplatedSamples(samples, List.of(), Map.of());
    return of(name, "1", made, sampling, scorer, metric);
  }
}
