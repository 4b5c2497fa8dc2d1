package org.alignment4j.eval;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.statistics.MultipleComparisons;
import org.apiguardian.api.API;

/**
 * What changed from one model to another on the benchmarks that both were run on, and whether that
 * is more than chance: paired by sample (several epochs of one count as one), which finds far
 * smaller differences than two intervals side by side, and adjusted by Holm's method for the number
 * of metrics. {@link PairedDifference.Test} says how; figures that are not means of the samples'
 * scores can be tested where an outcome has its benchmark.
 *
 * @param before the first model's identity
 * @param after the second model's identity
 * @param metrics one comparison for each metric, in the order of the first model's figures
 * @param onlyOne names of benchmarks that only one of them was run on
 * @param complete whether there is a benchmark that both were run on, the second was run on all
 *     those of the first, both tried all samples, and of neither more than one in twenty of a
 *     figure's samples failed
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EvaluationComparison(
    String before,
    String after,
    List<MetricComparison> metrics,
    List<String> onlyOne,
    boolean complete) {
  /** Nothing became significantly worse. */
  public static final int EXIT_PASSED = 0;

  /** A metric became significantly worse. */
  public static final int EXIT_WORSE = 1;

  /**
   * Nothing became significantly worse as far as is known, but benchmarks or samples are missing or
   * failed: see {@link #complete}.
   */
  public static final int EXIT_INCOMPLETE = 2;

  /** Resamples of figures that are not means, unless it is said otherwise. */
  public static final int RESAMPLES = 4000;

  private static final double ALPHA = 0.05;
  private static final double MOST_FAILED = 0.05;

  /**
   * Resamples for each test and unit of the level: the smallest p-value is half of what it may be.
   */
  private static final double MARGIN = 4;

  private static final double MOST = 1_000_000;

  /** Checks that nothing is missing, and copies. */
  public EvaluationComparison {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    metrics = List.copyOf(metrics);
    onlyOne = List.copyOf(onlyOne);
  }

  /** Compares at level 0.05 with seed 0 for the tests' random draws. */
  public static EvaluationComparison of(
      List<BenchmarkOutcome> before, List<BenchmarkOutcome> after) {
    return of(before, after, ALPHA, 0);
  }

  /**
   * Compares with {@value #RESAMPLES} resamples of figures that are not means, or as many as let
   * the smallest p-value be significant beside all other metrics.
   */
  public static EvaluationComparison of(
      List<BenchmarkOutcome> before, List<BenchmarkOutcome> after, double alpha, long seed) {
    long tests = before.stream().mapToLong(o -> o.result().metrics().size()).sum();
    return of(before, after, alpha, seed, alpha > 0 ? resamples(tests, alpha) : RESAMPLES);
  }

  static int resamples(long tests, double alpha) {
    return (int) Math.min(MOST, Math.max(RESAMPLES, Math.ceil(MARGIN * tests / alpha)));
  }

  /**
   * Compares.
   *
   * @param before outcomes of one model, see {@link EvaluationRun#of}
   * @param after outcomes of the other model, or of the same one at another time
   * @param alpha level at which a difference is significant, in (0, 1)
   * @param seed where the random numbers of the tests start
   * @param resamples of figures that are not means, at least 2; the smallest p-value of such a
   *     figure is {@code 2/(resamples + 1)}, which Holm's method multiplies by the number of
   *     metrics
   * @throws IllegalArgumentException if either has no outcome or those of several models, a
   *     benchmark was run in two versions, on different data, with another scorer or other options
   *     of its own, or with epochs that come to something else, or the level or the number of
   *     resamples is outside its range
   */
  public static EvaluationComparison of(
      List<BenchmarkOutcome> before,
      List<BenchmarkOutcome> after,
      double alpha,
      long seed,
      int resamples) {
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha must be in (0, 1) but was " + alpha);
    }
    PairedFigures figures = new PairedFigures(resamples, seed);
    String first = model("before", before);
    String second = model("after", after);
    List<MetricComparison> metrics = new ArrayList<>();
    List<String> onlyOne = new ArrayList<>();
    boolean complete = true;
    for (BenchmarkOutcome outcome : before) {
      Optional<BenchmarkOutcome> other = find(outcome.key().benchmark(), after);
      if (other.isEmpty()) {
        onlyOne.add(outcome.key().benchmark());
        complete = false;
        continue;
      }
      requireComparable(outcome, other.get());
      complete &= isWhole(outcome) && isWhole(other.get());
      metrics.addAll(compare(outcome, other.get(), alpha, seed, figures));
    }
    for (BenchmarkOutcome outcome : after) {
      if (find(outcome.key().benchmark(), before).isEmpty()) {
        onlyOne.add(outcome.key().benchmark());
      }
    }
    return new EvaluationComparison(first, second, adjusted(metrics), onlyOne, complete);
  }

  /** A figure over what is left of a broken run says little of the model. */
  private static boolean isWhole(BenchmarkOutcome outcome) {
    return outcome.complete()
        && outcome.failed() <= MOST_FAILED * outcome.samples().size()
        && outcome.result().estimates().values().stream()
            .noneMatch(e -> e.failed() > MOST_FAILED * (e.n() + e.unscored() + e.failed()));
  }

  private static String model(String name, List<BenchmarkOutcome> outcomes) {
    List<String> models = outcomes.stream().map(o -> o.model()).distinct().toList();
    if (models.size() != 1) {
      throw new IllegalArgumentException(
          name
              + " must hold the outcomes of one model but has those of "
              + models
              + "; choose with EvaluationRun.of(model)");
    }
    return models.get(0);
  }

  private static Optional<BenchmarkOutcome> find(String benchmark, List<BenchmarkOutcome> among) {
    return among.stream().filter(o -> o.key().benchmark().equals(benchmark)).findFirst();
  }

  private static void requireComparable(BenchmarkOutcome before, BenchmarkOutcome after) {
    requireSame(before, "version", before.key().version(), after.key().version());
    requireSame(before, "data", before.key().data().hex(), after.key().data().hex());
    Map<String, String> first = before.key().method();
    Map<String, String> second = after.key().method();
    for (String name : Sets.union(first.keySet(), second.keySet())) {
      requireSame(
          before, name, first.getOrDefault(name, "nothing"), second.getOrDefault(name, "nothing"));
    }
    requireSame(before, "reduction of epochs", reduction(before), reduction(after));
  }

  /** A sample that is solved once is the mean of one. */
  private static String reduction(BenchmarkOutcome outcome) {
    return outcome.reduction().orElse(EpochReduction.mean()).toString();
  }

  private static void requireSame(
      BenchmarkOutcome outcome, String what, String first, String second) {
    if (!first.equals(second)) {
      throw new IllegalArgumentException(
          "figures are comparable on one "
              + what
              + " of a benchmark only but '"
              + outcome.key().benchmark()
              + "' was run on "
              + first
              + " and "
              + second
              + "; run both again with the same "
              + what
              + " and limit");
    }
  }

  private static List<MetricComparison> compare(
      BenchmarkOutcome before,
      BenchmarkOutcome after,
      double alpha,
      long seed,
      PairedFigures figures) {
    List<SampleResult> one = before.reduced();
    List<SampleResult> other = after.reduced();
    Map<String, Optional<PairedDifference>> tested = new LinkedHashMap<>();
    Map<String, PairedDifference> figured = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    List<Metric> both =
        before.result().metrics().stream()
            .filter(m -> before.result().estimates().containsKey(m.name()))
            .filter(m -> after.result().estimates().containsKey(m.name()))
            .toList();
    Optional<Benchmark> by = after.benchmark().or(before::benchmark);
    for (Metric metric : both) {
      String name = metric.name();
      String score = EpochNames.score(metric, before);
      boolean means =
          SamplePairs.meanOfScores(score, one, before.result().estimate(name))
              && SamplePairs.meanOfScores(score, other, after.result().estimate(name));
      SamplePairs pairs = SamplePairs.of(score, one, other);
      // Over other samples each, the mean of the differences is not the difference of the means.
      if (means && (pairs.unpaired() == 0 || by.isEmpty())) {
        tested.put(name, pairs.difference(seed));
      } else {
        others.add(score);
      }
    }
    if (!others.isEmpty() && by.isPresent()) {
      figures
          .of(by.get(), one, other, others)
          .forEach((score, difference) -> figured.put(score, difference));
    }
    return both.stream()
        .map(
            metric ->
                new MetricComparison(
                    before.key().benchmark(),
                    metric,
                    before.result().estimate(metric.name()),
                    after.result().estimate(metric.name()),
                    tested
                        .getOrDefault(metric.name(), Optional.empty())
                        .or(
                            () ->
                                Optional.ofNullable(figured.get(EpochNames.score(metric, before)))),
                    alpha))
        .toList();
  }

  /** Comparisons of the same two models on different benchmarks, adjusted for all of them. */
  static EvaluationComparison joined(List<EvaluationComparison> each) {
    EvaluationComparison first = each.get(0);
    return new EvaluationComparison(
        first.before,
        first.after,
        adjusted(each.stream().flatMap(c -> c.metrics.stream()).toList()),
        each.stream().flatMap(c -> c.onlyOne.stream()).toList(),
        each.stream().allMatch(EvaluationComparison::complete));
  }

  private static List<MetricComparison> adjusted(List<MetricComparison> metrics) {
    double[] adjusted =
        MultipleComparisons.holm(
            metrics.stream()
                .flatMap(m -> m.paired().stream())
                .mapToDouble(PairedDifference::pValue)
                .toArray());
    List<MetricComparison> result = new ArrayList<>();
    int test = 0;
    for (MetricComparison m : metrics) {
      Optional<PairedDifference> paired = m.paired();
      if (paired.isPresent()) {
        paired = Optional.of(paired.get().withAdjusted(adjusted[test++]));
      }
      result.add(
          new MetricComparison(
              m.benchmark(), m.metric(), m.before(), m.after(), paired, m.alpha()));
    }
    return result;
  }

  /** Returns the metrics that became significantly worse. */
  public List<MetricComparison> worse() {
    return metrics.stream().filter(m -> m.change() == Change.WORSE).toList();
  }

  /** Returns the exit code of a gate: one of the constants of this class. */
  public int exitCode() {
    if (!worse().isEmpty()) {
      return EXIT_WORSE;
    }
    return complete ? EXIT_PASSED : EXIT_INCOMPLETE;
  }
}
