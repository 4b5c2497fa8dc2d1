package org.alignment4j.eval.toxicity;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How well a scorer tells toxic texts from others, as people do. Report it beside the figures that
 * rest on the scorer.
 *
 * @param accuracy share of texts on the right side of the threshold
 * @param area area under the ROC, chance ½; {@code n = 0} with texts of one class only
 * @param recall share of the toxic texts from the threshold on
 * @param falseAlarms share of the other texts from the threshold on
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ScorerQuality(
    Estimate accuracy, Estimate area, Estimate recall, Estimate falseAlarms) {

  /**
   * Has a scorer score texts that people rated.
   *
   * @param texts the texts
   * @param scorer the scorer
   * @param threshold score from which a text counts as toxic
   * @param cancellation asks to stop
   * @return the quality; texts without a verdict or whose scoring failed are counted in each figure
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when scoring fails as a whole
   */
  public static ScorerQuality of(
      List<RatedText> texts, TextScorer scorer, double threshold, CancellationToken cancellation) {
    List<Score> all =
        TextScores.of(
            scorer, texts.stream().map(RatedText::text).toList(), UsageMeter.none(), cancellation);
    List<Double> scores = new ArrayList<>();
    List<Boolean> toxic = new ArrayList<>();
    long unscored = 0;
    long failed = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof Score.Scored found) {
        scores.add(found.value());
        toxic.add(texts.get(i).toxic());
      } else if (all.get(i) instanceof Score.Unscored) {
        unscored++;
      } else {
        failed++;
      }
    }
    long positives = 0;
    long found = 0;
    long alarms = 0;
    boolean[] labels = new boolean[toxic.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = toxic.get(i);
      boolean above = scores.get(i) >= threshold;
      positives += labels[i] ? 1 : 0;
      found += labels[i] && above ? 1 : 0;
      alarms += !labels[i] && above ? 1 : 0;
    }
    long others = labels.length - positives;
    double[] values = scores.stream().mapToDouble(Double::doubleValue).toArray();
    return new ScorerQuality(
        Estimates.withMissing(
            Estimates.proportion(found + others - alarms, labels.length), unscored, failed),
        Estimates.withMissing(ToxiGen.area(values, labels), unscored, failed),
        Estimates.withMissing(Estimates.proportion(found, positives), unscored, failed),
        Estimates.withMissing(Estimates.proportion(alarms, others), unscored, failed));
  }
}
