package org.alignment4j.eval.judged;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * MT-Bench (Zheng et al. 2023, arXiv 2306.05685) from its official files: conversations of two
 * turns in eight categories, judged by a model. Answers are sampled at the category's temperature;
 * answers on math, reasoning and coding are judged beside a reference. What the judge costs counts
 * as that of the role {@value org.alignment4j.api.evaluation.JudgingScorer#JUDGE}.
 *
 * <p>{@linkplain #rated Rated}, each turn from 1 to 10: {@code rating} over both turns, {@code
 * rating/turn-1}, {@code rating/turn-2}, and by category such as {@code rating/math}. {@linkplain
 * #compared Compared} with another model's answers, each turn in both orders, of which differing
 * ones are a tie: {@code win_rate}, wins and half the ties, in the same parts, and {@code
 * position-consistency}. Errors are clustered by question. A turn without a verdict is left out and
 * counted.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MtBench {
  private static final String PAPER = "Zheng et al. 2023, arXiv 2306.05685, section ";

  private MtBench() {}

  /**
   * Returns the benchmark of ratings.
   *
   * @param questions {@code question.jsonl}
   * @param prompts {@code judge_prompts.jsonl}
   * @param judge who rates
   * @param options how it is run
   * @throws DataFormatException when a file is missing or breaks the format
   */
  public static LoadedBenchmark rated(
      Path questions, Path prompts, JudgeModel judge, MtBenchOptions options) {
    MtBenchPrompts texts = MtBenchPrompts.read(prompts);
    return benchmark(
        "mt-bench",
        questions,
        new MtBenchRating(texts, judge),
        new MtBenchFigures("rating", false),
        Metric.of("rating", "points from 1 to 10", Direction.HIGHER).withCitation(PAPER + "3.1"),
        options,
        Map.of("judge prompts", texts.hash().hex(), "judge", judge.identity()));
  }

  /**
   * Returns the benchmark of comparisons with another model.
   *
   * @param questions {@code question.jsonl}
   * @param prompts {@code judge_prompts.jsonl}
   * @param baseline the other model's answers
   * @param judge who compares
   * @param options how it is run
   * @throws DataFormatException when a file is missing or breaks the format
   * @throws IllegalArgumentException when the baseline lacks an answer
   */
  public static LoadedBenchmark compared(
      Path questions,
      Path prompts,
      MtBenchAnswers baseline,
      JudgeModel judge,
      MtBenchOptions options) {
    MtBenchPrompts texts = MtBenchPrompts.read(prompts);
    LoadedBenchmark benchmark =
        benchmark(
            "mt-bench-pairwise",
            questions,
            new MtBenchComparison(texts, judge, baseline),
            new MtBenchFigures("win_rate", true),
            Metric.of("win_rate", "fraction", Direction.HIGHER)
                .withChance(0.5)
                .withCitation(PAPER + "3.4"),
            options,
            Map.of(
                "judge prompts",
                texts.hash().hex(),
                "judge",
                judge.identity(),
                "baseline",
                baseline.name() + " " + baseline.hash().hex()));
    List<String> lacking =
        benchmark
            .samples()
            .map(Sample::id)
            .filter(id -> !baseline.turns().containsKey(id))
            .toList();
    if (!lacking.isEmpty()) {
      throw new IllegalArgumentException(
          "the baseline must answer every question but '" + baseline.name() + "' lacks " + lacking);
    }
    return benchmark;
  }

  private static LoadedBenchmark benchmark(
      String name,
      Path questions,
      JudgingScorer scorer,
      MtBenchFigures figures,
      Metric main,
      MtBenchOptions options,
      Map<String, String> judged) {
    Dataset<MtBenchQuestion> rows =
        Dataset.read(questions, ReadOptions.strict(), MtBenchQuestion::of);
    List<Sample> samples = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (MtBenchQuestion question : rows) {
      List<String> reference = reference(question, options);
      if (question.needsReference() && reference.isEmpty()) {
        without.add(question.id());
      }
      samples.add(question.sample(reference));
    }
    Map<String, String> all = new TreeMap<>(judged);
    all.putAll(options.options());
    all.put("judged without a reference for lack of one", String.join(", ", without));
    List<String> categories = rows.stream().map(MtBenchQuestion::category).distinct().toList();
    return new LoadedBenchmark(
        name,
        "1",
        samples,
        new LoadedBenchmark.Method(
            figures.metrics(main, categories),
            new MtBenchSolver(options),
            scorer,
            results -> figures.estimate(results, categories)),
        List.of(rows.report()),
        new LinkedHashMap<>(all));
  }

  private static List<String> reference(MtBenchQuestion question, MtBenchOptions options) {
    if (!question.needsReference()) {
      return List.of();
    }
    List<String> own = question.reference();
    return options.references().map(r -> r.turns().getOrDefault(question.id(), own)).orElse(own);
  }
}
