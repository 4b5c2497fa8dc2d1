package org.alignment4j.interp.audit;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.RocArea;
import org.alignment4j.interp.activation.ActivationRows;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.probe.LinearProbe;
import org.alignment4j.interp.probe.ProbeMethod;

/**
 * A probe of rows centred by topic.
 *
 * @param centredBy statements whose means centre the rows of their topics
 */
@SuppressWarnings("ArrayRecordComponent")
record SiteProbe(LinearProbe probe, ActivationRows all, TruthData data, int[] centredBy) {

  static SiteProbe fit(
      ProbeMethod method,
      ActivationRows all,
      TruthData data,
      int[] train,
      CancellationToken cancellation) {
    Rows rows = TopicCentres.centred(all.rows(), data.topics(), train, train);
    LinearProbe probe = method.fit("truth", all.site(), rows, data.labels(train), cancellation);
    return new SiteProbe(probe, all, data, train);
  }

  ActivationSite site() {
    return all.site();
  }

  /** Another probe of the same rows, for other labels. */
  SiteProbe refitted(
      ProbeMethod method, TruthData labels, int[] train, CancellationToken cancellation) {
    return fit(method, all, labels, train, cancellation);
  }

  SiteProbe with(LinearProbe other) {
    return new SiteProbe(other, all, data, centredBy);
  }

  SiteProbe centredBy(int[] items) {
    return new SiteProbe(probe, all, data, items);
  }

  Rows rows(int[] items) {
    return TopicCentres.centred(all.rows(), data.topics(), items, centredBy);
  }

  double[] scores(int[] items) {
    return probe.scores(rows(items));
  }

  private double[] right(int[] items) {
    double[] scores = scores(items);
    double[] right = new double[items.length];
    Arrays.setAll(right, i -> (scores[i] > 0) == data.truths().get(items[i]) ? 1 : 0);
    return right;
  }

  double plainAccuracy(int[] items) {
    return Arrays.stream(right(items)).average().orElse(Double.NaN);
  }

  double plainArea(int[] items) {
    return RocArea.of(scores(items), data.labels(items)).value();
  }

  Estimate accuracy(int[] items, double confidence) {
    return Estimates.clusteredProportion(right(items), data.groups(items), confidence);
  }

  Estimate area(int[] items, Bootstrap bootstrap) {
    return RocArea.of(scores(items), data.labels(items), data.groups(items), bootstrap).estimate();
  }

  /**
   * How often a true statement scores above a false one of its own group, over all such pairs; n is
   * 0 where no group has both.
   */
  Estimate pairs(int[] items, double confidence) {
    double[] scores = scores(items);
    int[] groups = data.groups(items);
    List<Double> outcomes = new ArrayList<>();
    List<Integer> clusters = new ArrayList<>();
    for (int i = 0; i < items.length; i++) {
      for (int j = 0; j < items.length; j++) {
        if (groups[i] == groups[j] && data.truths().get(items[i]) && !data.truths().get(items[j])) {
          outcomes.add(scores[i] == scores[j] ? 0.5 : scores[i] > scores[j] ? 1.0 : 0.0);
          clusters.add(groups[i]);
        }
      }
    }
    return Estimates.clusteredProportion(
        Doubles.toArray(outcomes), Ints.toArray(clusters), confidence);
  }
}
