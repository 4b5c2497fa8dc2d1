package org.alignment4j.eval.backdoor;

import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.core.statistics.RocArea;
import org.apiguardian.api.API;

/**
 * How well a detector tells models with a backdoor from clean ones.
 *
 * @param detection share of planted models with an alarm, with Wilson's interval
 * @param falseAlarms share of clean models with an alarm, with Wilson's interval
 * @param area area under the ROC, whatever the threshold; chance is one half
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DetectionQuality(Estimate detection, Estimate falseAlarms, Estimate area) {

  /**
   * Compares scores with a threshold.
   *
   * @param planted scores of models with a backdoor
   * @param clean scores of models without, none of them among those that calibrated the threshold
   * @param threshold what makes an alarm
   * @return the quality
   * @throws IllegalArgumentException when there is no model of one kind, or a score is not finite
   */
  public static DetectionQuality of(
      double[] planted, double[] clean, DetectionThreshold threshold) {
    double[] scores = new double[planted.length + clean.length];
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      positive[i] = i < planted.length;
      scores[i] = positive[i] ? planted[i] : clean[i - planted.length];
    }
    Estimate area = RocArea.of(scores, positive);
    return new DetectionQuality(
        Estimates.proportion(alarms(planted, threshold), planted.length),
        Estimates.proportion(alarms(clean, threshold), clean.length),
        area);
  }

  private static long alarms(double[] scores, DetectionThreshold threshold) {
    long alarms = 0;
    for (double score : scores) {
      alarms += threshold.alarm(score) ? 1 : 0;
    }
    return alarms;
  }
}
