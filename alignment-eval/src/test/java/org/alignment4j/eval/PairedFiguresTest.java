package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.SignFlipTest;
import org.alignment4j.eval.bias.SharedFiles;
import org.alignment4j.eval.bias.StereoSet;
import org.alignment4j.eval.solve.Generation;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.junit.jupiter.api.Test;

class PairedFiguresTest {
  private static final String FIGURE = "figure";
  private static final String X = "x";
  private static final String Y = "y";

  /** A benchmark of one figure that only its estimator can compute. */
  private static Benchmark benchmark(ToDoubleFunction<List<SampleResult>> figure) {
    return new LoadedBenchmark(
        "b",
        "1",
        List.of(Sample.open("s", Prompt.text("p"), List.of())),
        new LoadedBenchmark.Method(
            List.of(Metric.of(FIGURE, "", Direction.HIGHER)),
            Generation.once(org.alignment4j.api.model.SamplingOptions.greedy(1)),
            (sample, answer, cancellation) -> Map.of(),
            results -> {
              double value = figure.applyAsDouble(results);
              double none = Double.NaN;
              int n = Double.isNaN(value) ? 0 : results.size();
              return Map.of(FIGURE, new Estimate(value, none, none, none, 0.95, n, n, 0, 0));
            }),
        List.of(),
        Map.of());
  }

  private static double sum(List<SampleResult> results, String name) {
    return results.stream()
        .mapToDouble(r -> r.scores().get(name) instanceof Score.Scored s ? s.value() : 0)
        .sum();
  }

  private static double mean(List<SampleResult> results) {
    return sum(results, X) / results.size();
  }

  private static double ratio(List<SampleResult> results) {
    return sum(results, X) / sum(results, Y);
  }

  private static SampleResult result(int id, int cluster, double x, double y) {
    return new SampleResult(
        "s" + id, "c" + cluster, Map.of(X, new Score.Scored(x), Y, new Score.Scored(y)), Map.of());
  }

  /** Four samples a cluster that share an effect; what differs by model is added to each. */
  private static List<SampleResult> drawn(
      SplittableRandom items, SplittableRandom own, int clusters, double shift) {
    List<SampleResult> results = new ArrayList<>();
    for (int c = 0; c < clusters; c++) {
      double shared = items.nextDouble();
      double ofCluster = own.nextDouble();
      for (int i = 0; i < 4; i++) {
        double x = shared + ofCluster + own.nextDouble() + shift;
        results.add(result(results.size(), c, x, 1 + items.nextDouble()));
      }
    }
    return results;
  }

  private static PairedDifference difference(
      ToDoubleFunction<List<SampleResult>> figure,
      List<SampleResult> before,
      List<SampleResult> after,
      int resamples) {
    return new PairedFigures(resamples, 1)
        .of(benchmark(figure), before, after, List.of(FIGURE))
        .get(FIGURE);
  }

  @Test
  void meanIsTestedAsByThePairedTestOfMeans() {
    for (double shift : new double[] {0, 0.05, 0.1, 0.2}) {
      List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 60, 0);
      List<SampleResult> after = drawn(new SplittableRandom(1), new SplittableRandom(3), 60, shift);
      PairedDifference found = difference(PairedFiguresTest::mean, before, after, 4000);
      double[] first = before.stream().mapToDouble(r -> mean(List.of(r))).toArray();
      double[] second = after.stream().mapToDouble(r -> mean(List.of(r))).toArray();
      int[] clusters = new int[240];
      java.util.Arrays.setAll(clusters, i -> i / 4);
      Estimate exact = Estimates.clusteredPairedDifference(second, first, clusters, 0.95);
      double width = exact.ciHigh() - exact.ciLow();
      assertThat(found.test()).isEqualTo(PairedDifference.Test.BOOTSTRAP);
      assertThat(found.difference().value()).isCloseTo(exact.value(), within(1e-12));
      assertThat(found.difference().standardError())
          .isCloseTo(exact.standardError(), within(0.06 * exact.standardError()));
      assertThat(found.difference().ciLow()).isCloseTo(exact.ciLow(), within(0.05 * width));
      assertThat(found.difference().ciHigh()).isCloseTo(exact.ciHigh(), within(0.05 * width));
      double p = SignFlipTest.seeded(0).of(second, first, clusters).pValue();
      assertThat(found.pValue()).isCloseTo(p, within(0.01 + 0.15 * p));
      assertThat(found.difference().clusters()).isEqualTo(60);
      assertThat(found.difference().n()).isEqualTo(240);
    }
  }

  @Test
  void theSameModelTwiceDoesNotDiffer() {
    List<SampleResult> once = drawn(new SplittableRandom(1), new SplittableRandom(2), 30, 0);
    PairedDifference found = difference(PairedFiguresTest::ratio, once, once, 500);
    assertThat(found.difference().value()).isZero();
    assertThat(found.pValue()).isEqualTo(1);
    assertThat(found.difference().ciLow()).isNaN();
    assertThat(found.detectable()).isNaN();
  }

  @Test
  void plantedDifferenceOfARatioIsFoundAndOneOfTheSeedAloneIsTheSame() {
    List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 60, 0);
    List<SampleResult> after = drawn(new SplittableRandom(1), new SplittableRandom(3), 60, 0.4);
    PairedDifference found = difference(PairedFiguresTest::ratio, before, after, 999);
    assertThat(found.pValue()).isCloseTo(2.0 / 1000, within(1e-12));
    assertThat(found.difference().ciLow()).isPositive();
    assertThat(found).isEqualTo(difference(PairedFiguresTest::ratio, before, after, 999));
    assertThat(found.after() - found.before()).isEqualTo(found.difference().value());
  }

  @Test
  void modelsOfOneDistributionDifferAsOftenAsTheLevelSays() {
    SplittableRandom random = new SplittableRandom(17);
    int rejected = 0;
    int draws = 400;
    for (int d = 0; d < draws; d++) {
      long items = random.nextLong();
      List<SampleResult> before = drawn(new SplittableRandom(items), random.split(), 40, 0);
      List<SampleResult> after = drawn(new SplittableRandom(items), random.split(), 40, 0);
      PairedDifference found =
          new PairedFigures(199, random.nextLong())
              .of(benchmark(PairedFiguresTest::ratio), before, after, List.of(FIGURE))
              .get(FIGURE);
      rejected += found.pValue() <= 0.05 ? 1 : 0;
    }
    // Of 400 draws at 0.05, between 0.024 and 0.083 with all but one in a thousand's probability.
    assertThat(rejected / (double) draws).isBetween(0.024, 0.083);
  }

  @Test
  void clusterThatIsDrawnTwiceCountsAsTwo() {
    // The share of clusters that are all right, each of two samples.
    ToDoubleFunction<List<SampleResult>> exact =
        results -> {
          Map<String, Integer> sizes = new HashMap<>();
          Map<String, Double> right = new HashMap<>();
          for (SampleResult r : results) {
            sizes.merge(r.cluster(), 1, Integer::sum);
            right.merge(r.cluster(), sum(List.of(r), X), Double::sum);
          }
          assertThat(sizes.values()).allMatch(size -> size == 2);
          // All of them, or one in eight where it is asked how many there are.
          assertThat(sizes.size()).isIn(20, 2);
          return right.values().stream().filter(v -> v == 2).count() / (double) sizes.size();
        };
    List<SampleResult> before = new ArrayList<>();
    List<SampleResult> after = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      before.add(result(i, i / 2, i < 20 ? 1 : 0, 1));
      after.add(result(i, i / 2, i < 12 ? 1 : 0, 1));
    }
    PairedDifference found = difference(exact, before, after, 4000);
    assertThat(found.difference().value()).isCloseTo(-0.2, within(1e-12));
    assertThat(found.difference().standardError())
        .isCloseTo(Math.sqrt(0.2 * 0.8 / 20), within(0.004));
  }

  @Test
  void samplesThatOneOfThemLacksAreLeftOutOfBoth() {
    List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 30, 0);
    List<SampleResult> after = new ArrayList<>(before);
    Map<String, Score> failed = new HashMap<>(before.get(3).scores());
    failed.put(X, new Score.Failed("down"));
    after.set(3, new SampleResult("s3", "c0", failed, Map.of()));
    after.remove(119);
    PairedDifference found = difference(PairedFiguresTest::mean, before, after, 200);
    assertThat(found.unpaired()).isEqualTo(2);
    assertThat(found.difference().n()).isEqualTo(118);
    assertThat(found.difference().value()).isZero();
  }

  /** The mean over the samples of the first clusters alone; undefined without any. */
  private static ToDoubleFunction<List<SampleResult>> slice(int clusters) {
    return results -> {
      List<SampleResult> of =
          results.stream()
              .filter(r -> Integer.parseInt(r.cluster().replaceAll(".*c", "")) < clusters)
              .toList();
      return of.isEmpty() ? Double.NaN : mean(of);
    };
  }

  /** A figure of a slice rests on the slice's clusters, however many the benchmark has. */
  @Test
  void slicesOfFewClustersProveLittle() {
    List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 60, 0);
    List<SampleResult> after = drawn(new SplittableRandom(1), new SplittableRandom(2), 60, 1);
    assertThat(difference(slice(60), before, after, 2000).pValue()).isLessThan(0.01);
    assertThat(difference(slice(3), before, after, 2000).pValue()).isEqualTo(1 / 4.0);
    assertThat(difference(slice(3), before, after, 2000).difference().clusters()).isEqualTo(3);
    assertThat(new PairedFigures(2000, 1).of(benchmark(slice(1)), before, after, List.of(FIGURE)))
        .isEmpty();
  }

  @Test
  void fewClustersProveLittleAndOneNothing() {
    List<SampleResult> before = new ArrayList<>();
    List<SampleResult> after = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      before.add(result(i, i / 10, 0, 1));
      after.add(result(i, i / 10, 1, 1));
    }
    assertThat(difference(PairedFiguresTest::ratio, before, after, 999).pValue())
        .isEqualTo(1 / 8.0);
    List<SampleResult> one = before.subList(0, 10);
    assertThat(
            new PairedFigures(99, 0)
                .of(benchmark(PairedFiguresTest::ratio), one, one, List.of(FIGURE)))
        .isEmpty();
  }

  @Test
  void figuresThatAreUndefinedAreNotTested() {
    List<SampleResult> once = drawn(new SplittableRandom(1), new SplittableRandom(2), 30, 0);
    assertThat(
            new PairedFigures(99, 0)
                .of(benchmark(r -> Double.NaN), once, once, List.of(FIGURE, "none")))
        .isEmpty();
    assertThatThrownBy(() -> new PairedFigures(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resamples must be at least 2 but was 1");
  }

  /** A model that prefers stereotypes at a rate; the same random number decides for all models. */
  private static List<SampleResult> answers(Benchmark stereoSet, double stereotyped, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return stereoSet
        .samples()
        .map(
            s -> {
              double ss = random.nextDouble() < stereotyped ? 100 : 0;
              double lms = random.nextDouble() < 0.8 ? 100 : 50;
              return new SampleResult(
                  s.id(),
                  s.cluster(),
                  Map.of("ss", new Score.Scored(ss), "lms", new Score.Scored(lms)),
                  s.metadata());
            })
        .toList();
  }

  @Test
  void stereoSetsFiguresAreTestedInSeconds() {
    Benchmark stereoSet = StereoSet.of(SharedFiles.require("data/stereoset/stereoset.json"));
    List<String> names = stereoSet.metrics().stream().map(Metric::name).toList();
    List<SampleResult> before = answers(stereoSet, 0.5, 1);
    Map<String, Estimate> estimates = stereoSet.estimate(before);
    stereoSet
        .figures(before)
        .forEach((name, value) -> assertThat(value).isEqualTo(estimates.get(name).value()));
    Map<String, PairedDifference> found =
        new PairedFigures(1000, 0).of(stereoSet, before, answers(stereoSet, 0.6, 1), names);
    assertThat(found).hasSize(names.size());
    assertThat(found.get("ss").pValue()).isLessThan(0.01);
    assertThat(found.get("icat").pValue()).isLessThan(0.01);
    assertThat(found.get("lms").pValue()).isEqualTo(1);
    assertThat(found.get("ss").difference().contains(10)).isTrue();
  }

  /** The sum over the samples of the first clusters alone, by all samples: 0 without any. */
  private static ToDoubleFunction<List<SampleResult>> zeroOutside(int clusters) {
    return results ->
        results.stream()
                .filter(r -> Integer.parseInt(r.cluster().replaceAll(".*c", "")) < clusters)
                .mapToDouble(r -> mean(List.of(r)))
                .sum()
            / results.size();
  }

  /** A figure that is 0, and not undefined, without its slice's clusters rests on those as well. */
  @Test
  void slicesThatAreZeroElsewhereProveLittle() {
    List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 60, 0);
    List<SampleResult> after = drawn(new SplittableRandom(1), new SplittableRandom(2), 60, 1);
    PairedDifference three = difference(zeroOutside(3), before, after, 2000);
    assertThat(three.difference().clusters()).isEqualTo(3);
    assertThat(three.pValue()).isGreaterThanOrEqualTo(1 / 4.0);
    assertThat(
            new PairedFigures(2000, 1)
                .of(benchmark(zeroOutside(1)), before, after, List.of(FIGURE)))
        .isEmpty();
    assertThat(difference(zeroOutside(60), before, after, 2000).difference().clusters())
        .isEqualTo(60);
  }

  /** In no resample of all clusters are a dozen of them missing. */
  @Test
  void clustersOfLargerSlicesAreCountedToo() {
    List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 200, 0);
    List<SampleResult> after = drawn(new SplittableRandom(1), new SplittableRandom(2), 200, 1);
    assertThat(difference(slice(12), before, after, 4000).difference().clusters())
        .isBetween(11L, 13L);
    assertThat(difference(zeroOutside(12), before, after, 4000).difference().clusters())
        .isBetween(11L, 13L);
  }

  /**
   * What is often undefined has no interval worth printing: it is that whenever some of the first
   * clusters are drawn twice, of one in 26 of 100 resamples.
   */
  @Test
  void figuresThatAreOftenUndefinedAreNotTested() {
    List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 40, 0);
    List<SampleResult> after = drawn(new SplittableRandom(1), new SplittableRandom(2), 40, 1);
    for (int some : new int[] {0, 1, 2, 8}) {
      ToDoubleFunction<List<SampleResult>> once =
          results ->
              results.stream()
                      .map(SampleResult::cluster)
                      .filter(c -> c.startsWith("copy 1 of "))
                      .anyMatch(c -> Integer.parseInt(c.replaceAll(".*c", "")) < some)
                  ? Double.NaN
                  : mean(results);
      assertThat(new PairedFigures(2000, 1).of(benchmark(once), before, after, List.of(FIGURE)))
          .hasSize(some == 0 ? 1 : 0);
    }
  }

  /** Draws of few clusters lack such a figure, which says nothing of what it rests on. */
  @Test
  void figuresThatAskForManySamplesRestOnAllClusters() {
    List<SampleResult> before = drawn(new SplittableRandom(1), new SplittableRandom(2), 40, 0);
    List<SampleResult> after = drawn(new SplittableRandom(1), new SplittableRandom(2), 40, 1);
    ToDoubleFunction<List<SampleResult>> many = r -> r.size() < 50 ? Double.NaN : mean(r);
    assertThat(difference(many, before, after, 2000).difference().clusters()).isEqualTo(40);
  }
}
