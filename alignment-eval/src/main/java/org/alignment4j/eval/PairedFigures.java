package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.DetectableDifference;
import org.alignment4j.core.statistics.Estimates;

/**
 * Differences of figures that only a benchmark's own estimator can compute, by a bootstrap that
 * draws the same clusters for both models; see {@link PairedDifference.Test#BOOTSTRAP}.
 */
final class PairedFigures {
  private static final int FEWEST_RESAMPLES = 2;

  /** Of the clusters, one in so many is drawn to find how many of them a figure rests on. */
  private static final int PARTS = 8;

  /** An event that was not seen in n trials has a probability below 3/n, at level 0.95. */
  private static final double RULE_OF_THREE = 3;

  private final int resamples;
  private final long seed;

  PairedFigures(int resamples, long seed) {
    if (resamples < FEWEST_RESAMPLES) {
      throw new IllegalArgumentException(
          "resamples must be at least " + FEWEST_RESAMPLES + " but was " + resamples);
    }
    this.resamples = resamples;
    this.seed = seed;
  }

  /**
   * The differences, not adjusted for other tests. One is missing where the figure is undefined on
   * the samples of a model, or where it rests on fewer than two clusters, which is also said of one
   * that is undefined in more than a fifth of the resamples.
   */
  Map<String, PairedDifference> of(
      Benchmark benchmark,
      List<SampleResult> before,
      List<SampleResult> after,
      List<String> names) {
    ResultPairs pairs = ResultPairs.of(before, after);
    Map<String, PairedDifference> differences = new LinkedHashMap<>();
    if (pairs.clusters() < 2) {
      return differences;
    }
    Map<String, Double> first = benchmark.figures(pairs.first().all());
    Map<String, Double> second = benchmark.figures(pairs.second().all());
    List<String> defined =
        names.stream()
            .filter(n -> Double.isFinite(first.getOrDefault(n, Double.NaN)))
            .filter(n -> Double.isFinite(second.getOrDefault(n, Double.NaN)))
            .toList();
    if (defined.isEmpty()) {
      return differences;
    }
    SplittableRandom random = new SplittableRandom(seed);
    int few = Math.max(1, pairs.clusters() / PARTS);
    Draws all = draws(benchmark, pairs, defined, pairs.clusters(), random);
    Draws some = draws(benchmark, pairs, defined, few, random);
    for (int f = 0; f < defined.size(); f++) {
      String name = defined.get(f);
      double[] kept = Arrays.stream(all.figures[f]).filter(Double::isFinite).sorted().toArray();
      double from = first.getOrDefault(name, Double.NaN);
      double to = second.getOrDefault(name, Double.NaN);
      boolean zero = from == 0 && to == 0;
      int bearing = bearing(all.without(f, zero), some.without(f, zero), few, pairs.clusters());
      if (bearing >= 2) {
        differences.put(name, difference(from, to, kept, pairs, bearing));
      }
    }
    return differences;
  }

  /**
   * Resampled differences.
   *
   * @param figures by figure and resample
   * @param undefined by figure, resamples without one
   * @param zero by figure, resamples in which both models' figures are 0
   */
  private record Draws(double[][] figures, int[] undefined, int[] zero) {

    /** In how many resamples there is nothing of a figure, which may be 0 over all. */
    int without(int figure, boolean isZero) {
      return undefined[figure] + (isZero ? 0 : zero[figure]);
    }
  }

  private Draws draws(
      Benchmark benchmark,
      ResultPairs pairs,
      List<String> names,
      int size,
      SplittableRandom random) {
    double[][] drawn = new double[names.size()][resamples];
    int[] undefined = new int[names.size()];
    int[] zero = new int[names.size()];
    int clusters = pairs.clusters();
    for (int r = 0; r < resamples; r++) {
      int[] times = new int[clusters];
      for (int c = 0; c < size; c++) {
        times[random.nextInt(clusters)]++;
      }
      Map<String, Double> first = benchmark.figures(pairs.first().drawn(times));
      Map<String, Double> second = benchmark.figures(pairs.second().drawn(times));
      for (int f = 0; f < drawn.length; f++) {
        double from = first.getOrDefault(names.get(f), Double.NaN);
        double to = second.getOrDefault(names.get(f), Double.NaN);
        drawn[f][r] = to - from;
        undefined[f] += Double.isFinite(to - from) ? 0 : 1;
        zero[f] += from == 0 && to == 0 ? 1 : 0;
      }
    }
    return new Draws(drawn, undefined, zero);
  }

  /**
   * How many clusters a figure rests on. Of k among C clusters a draw of m holds none with
   * probability {@code (1 − k/C)^m}; both models' figures are then undefined, or 0 although they
   * are not over all. Draws of all clusters tell k while it is small, and that it is not; draws of
   * a few tell larger ones, unless they lack figures that draws of all have, such as those that ask
   * for a number of samples.
   */
  private int bearing(int without, int withoutInFew, int few, int clusters) {
    if (without > 0) {
      return rests(without, clusters, clusters);
    }
    int found = rests(withoutInFew, few, clusters);
    return found >= -Math.log(RULE_OF_THREE / resamples) ? found : clusters;
  }

  private int rests(int without, int size, int clusters) {
    double share = (double) without / resamples;
    return (int) Math.round(clusters * (1 - Math.pow(share, 1.0 / size)));
  }

  private static PairedDifference difference(
      double from, double to, double[] sorted, ResultPairs pairs, int bearing) {
    double value = to - from;
    boolean varies = sorted[0] < sorted[sorted.length - 1];
    double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
    double squares = Arrays.stream(sorted).map(d -> (d - mean) * (d - mean)).sum();
    double error = varies ? Math.sqrt(squares / (sorted.length - 1)) : 0;
    double tail = (1 - Estimates.DEFAULT_CONFIDENCE) / 2;
    Estimate difference =
        new Estimate(
            value,
            error,
            varies ? Math.min(value, quantile(sorted, tail)) : Double.NaN,
            varies ? Math.max(value, quantile(sorted, 1 - tail)) : Double.NaN,
            Estimates.DEFAULT_CONFIDENCE,
            pairs.first().all().size(),
            bearing,
            0,
            0);
    double p = pValue(sorted, bearing);
    double detectable = error > 0 ? DetectableDifference.of(difference) : Double.NaN;
    return new PairedDifference(
        from, to, difference, PairedDifference.Test.BOOTSTRAP, p, p, detectable, pairs.unpaired());
  }

  private static double pValue(double[] draws, int clusters) {
    long below = Arrays.stream(draws).filter(d -> d <= 0).count();
    long above = Arrays.stream(draws).filter(d -> d >= 0).count();
    double p = 2.0 * (1 + Math.min(below, above)) / (1 + draws.length);
    return Math.min(1, Math.max(p, Math.pow(2, 1 - clusters)));
  }

  /** By linear interpolation (Hyndman and Fan 1996, type 7). */
  private static double quantile(double[] sorted, double level) {
    double position = level * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The results of two models on the same samples.
   *
   * @param first of one model, by cluster
   * @param second of the other one, in the same order
   * @param unpaired samples that only one of them has a verdict on, left out
   */
  private record ResultPairs(Clustered first, Clustered second, long unpaired) {

    static ResultPairs of(List<SampleResult> before, List<SampleResult> after) {
      Map<String, SampleResult> others = new LinkedHashMap<>();
      after.forEach(result -> others.put(result.sampleId(), result));
      Map<String, List<SampleResult>> first = new LinkedHashMap<>();
      Map<String, List<SampleResult>> second = new LinkedHashMap<>();
      long paired = 0;
      for (SampleResult result : before) {
        SampleResult other = others.get(result.sampleId());
        if (other != null && alike(result, other)) {
          first.computeIfAbsent(result.cluster(), c -> new ArrayList<>()).add(result);
          second.computeIfAbsent(result.cluster(), c -> new ArrayList<>()).add(other);
          paired++;
        }
      }
      Set<String> ids = new LinkedHashSet<>(others.keySet());
      before.forEach(result -> ids.add(result.sampleId()));
      return new ResultPairs(
          Clustered.of(first.values()), Clustered.of(second.values()), ids.size() - paired);
    }

    /** A score that does not apply to one of the answers is no missing verdict. */
    private static boolean alike(SampleResult one, SampleResult other) {
      Set<String> names = new LinkedHashSet<>(one.scores().keySet());
      names.retainAll(other.scores().keySet());
      return names.stream()
          .allMatch(
              name ->
                  one.scores().get(name) instanceof Score.Scored
                      == other.scores().get(name) instanceof Score.Scored);
    }

    int clusters() {
      return first.clusters().size();
    }
  }

  /**
   * Results by cluster and by copy: a cluster that is drawn twice counts as two.
   *
   * @param clusters for each cluster its copies, the first of them the results themselves
   */
  private record Clustered(List<List<List<SampleResult>>> clusters, List<SampleResult> all) {

    static Clustered of(Iterable<List<SampleResult>> clusters) {
      List<List<List<SampleResult>>> copies = new ArrayList<>();
      List<SampleResult> all = new ArrayList<>();
      for (List<SampleResult> cluster : clusters) {
        copies.add(new ArrayList<>(List.of(cluster)));
        all.addAll(cluster);
      }
      return new Clustered(copies, all);
    }

    List<SampleResult> drawn(int[] times) {
      List<SampleResult> drawn = new ArrayList<>(all.size() + all.size() / 4);
      for (int c = 0; c < times.length; c++) {
        List<List<SampleResult>> copies = clusters.get(c);
        for (int k = 0; k < times[c]; k++) {
          if (k == copies.size()) {
            copies.add(copy(k, copies.get(0)));
          }
          drawn.addAll(copies.get(k));
        }
      }
      return drawn;
    }

    private static List<SampleResult> copy(int k, List<SampleResult> cluster) {
      String mark = "copy " + k + " of ";
      return cluster.stream()
          .map(
              r ->
                  new SampleResult(
                      mark + r.sampleId(), mark + r.cluster(), r.scores(), r.metadata()))
          .toList();
    }
  }
}
