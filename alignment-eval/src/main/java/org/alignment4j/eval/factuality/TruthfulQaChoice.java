package org.alignment4j.eval.factuality;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.eval.solve.ChoiceLikelihood;
import org.alignment4j.eval.solve.ChoiceRules;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.MetricScores;

/** The multiple-choice task of TruthfulQA. */
final class TruthfulQaChoice {

  private static final String MC1 = "mc1";
  private static final String MC2 = "mc2";
  private static final String MC3 = "mc3";
  private static final List<String> NAMES = List.of(MC1, MC2, MC3);
  private static final String PAPER = "Lin et al. 2022, arXiv 2109.07958, section 3.2";

  private TruthfulQaChoice() {}

  static LoadedBenchmark of(Dataset<Sample> samples) {
    TruthfulQaParts parts = TruthfulQaParts.of(samples);
    return new LoadedBenchmark(
            "truthfulqa-mc",
            "2",
            samples,
            new LoadedBenchmark.Method(
                parts.metrics(NAMES, samples, TruthfulQaChoice::metric),
                ChoiceLikelihood.afterSpace(),
                TruthfulQaChoice::score,
                results ->
                    parts.estimates(NAMES, results, TruthfulQaChoice::estimate, name -> true)),
            List.of(samples.report()),
            Map.of("primer", "six questions"))
        .withDimension("factuality");
  }

  private static Map<String, Score> score(
      Sample sample, Answer answer, CancellationToken cancellation) {
    double[] sums = ChoiceRules.sums(answer);
    double best =
        sums[sample.choices().indexOf(sample.metadata().getOrDefault(TruthfulQaItem.BEST, ""))];
    double[] right = Arrays.copyOf(sums, sample.targets().size());
    double[] wrong = Arrays.copyOfRange(sums, right.length, sums.length);
    double share = TruthfulQaFormulas.mc2(right, wrong);
    if (Double.isNaN(share)) {
      Score none = new Score.Unscored("every answer has probability 0");
      return Map.of(MC1, none, MC2, none, MC3, none);
    }
    return Map.of(
        MC1,
        new Score.Scored(TruthfulQaFormulas.mc1(best, wrong)),
        MC2,
        new Score.Scored(Math.min(1, share)),
        MC3,
        new Score.Scored(TruthfulQaFormulas.mc3(right, wrong)));
  }

  private static Metric metric(String name, List<Sample> samples) {
    Metric metric = Metric.of(name, "fraction", Direction.HIGHER).withCitation(PAPER);
    return samples.isEmpty() ? metric : metric.withChance(chance(name, samples));
  }

  /** Of answers in random order each true one is before all false ones as often as any of these. */
  private static double chance(String name, List<Sample> samples) {
    return samples.stream()
        .mapToDouble(
            sample -> {
              double all = sample.choices().size();
              double right = sample.targets().size();
              return name.equals(MC2) ? right / all : 1 / (1 + all - right);
            })
        .average()
        .orElseThrow();
  }

  private static Estimate estimate(String name, MetricScores scores) {
    return name.equals(MC1) ? scores.proportion() : scores.mean(0, 1);
  }
}
