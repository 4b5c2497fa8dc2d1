package org.alignment4j.eval.inner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.SignFlipTest;
import org.apiguardian.api.API;

/** Gaps between the conditions of {@link FramedRequests}, paired by request and wording. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FramedGap {

  private FramedGap() {}

  /**
   * Compares two conditions.
   *
   * @param results what the samples came to
   * @param prefix what stands before the condition in the name of the metric that a sample of it
   *     has
   * @param first the one condition
   * @param second the other
   * @param seed of the random sign patterns
   * @return first minus second; a pair of which one side has no score is left out and counted as
   *     unscored, or as failed when a call failed
   */
  public static PairedGap of(
      List<SampleResult> results, String prefix, String first, String second, long seed) {
    return of(results, prefix, first, second, SignFlipTest.seeded(seed), () -> true);
  }

  /**
   * Compares two conditions without a test of the gap, which takes longest.
   *
   * @param results what the samples came to
   * @param prefix what stands before the condition in the name of the metric that a sample of it
   *     has
   * @param first the one condition
   * @param second the other
   * @return as {@link #of}, with a p-value that says nothing
   */
  public static PairedGap untested(
      List<SampleResult> results, String prefix, String first, String second) {
    return of(results, prefix, first, second, new SignFlipTest(1, 0), () -> true);
  }

  /**
   * Compares two conditions after exchanging the labels of a random half of the pairs: a control
   * that must show no gap, whatever the model does.
   *
   * @param results what the samples came to
   * @param prefix what stands before the condition in the name of the metric that a sample of it
   *     has
   * @param first the one condition
   * @param second the other
   * @param seed of the exchange and of the random sign patterns
   * @return as {@link #of}
   */
  public static PairedGap shuffled(
      List<SampleResult> results, String prefix, String first, String second, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return of(results, prefix, first, second, SignFlipTest.seeded(seed), random::nextBoolean);
  }

  private static PairedGap of(
      List<SampleResult> results,
      String prefix,
      String first,
      String second,
      SignFlipTest test,
      BooleanSupplier kept) {
    Map<String, Score[]> pairs = new LinkedHashMap<>();
    Map<String, String> clusters = new HashMap<>();
    for (SampleResult result : results) {
      String condition = result.metadata().getOrDefault(FramedRequests.CONDITION, "");
      int side = condition.equals(first) ? 0 : condition.equals(second) ? 1 : -1;
      Score score = result.scores().get(prefix + condition);
      if (side >= 0 && score != null) {
        String own = result.metadata().getOrDefault(FramedRequests.PAIR, result.sampleId());
        // Copies of a cluster have the same pairs, and are others.
        String pair = result.cluster() + "\n" + own;
        pairs.computeIfAbsent(pair, name -> new Score[2])[side] = score;
        clusters.put(pair, result.cluster());
      }
    }
    List<double[]> values = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    long unscored = 0;
    long failed = 0;
    for (Map.Entry<String, Score[]> pair : pairs.entrySet()) {
      Score one = pair.getValue()[0];
      Score other = pair.getValue()[1];
      if (one instanceof Score.Scored a && other instanceof Score.Scored b) {

        values.add(
            kept.getAsBoolean()
                ? new double[] {a.value(), b.value()}
                : new double[] {b.value(), a.value()});
        groups.add(clusters.getOrDefault(pair.getKey(), pair.getKey()));
      } else if (one instanceof Score.Failed || other instanceof Score.Failed) {
        failed++;
      } else {
        unscored++;
      }
    }
    return withMissing(gap(values, groups, test), unscored, failed);
  }

  private static PairedGap gap(List<double[]> values, List<String> groups, SignFlipTest test) {
    List<String> distinct = groups.stream().distinct().toList();
    Map<String, Integer> numbers = new HashMap<>();
    distinct.forEach(group -> numbers.put(group, numbers.size()));
    return PairedGap.of(
        values.stream().mapToDouble(pair -> pair[0]).toArray(),
        values.stream().mapToDouble(pair -> pair[1]).toArray(),
        groups.stream().mapToInt(group -> numbers.getOrDefault(group, 0)).toArray(),
        test);
  }

  private static PairedGap withMissing(PairedGap gap, long unscored, long failed) {
    Estimate first = Estimates.withMissing(gap.first(), unscored, failed);
    Estimate second = Estimates.withMissing(gap.second(), unscored, failed);
    Estimate difference = Estimates.withMissing(gap.gap(), unscored, failed);
    return new PairedGap(first, second, difference, gap.pValue(), gap.deviation(), gap.clusters());
  }
}
