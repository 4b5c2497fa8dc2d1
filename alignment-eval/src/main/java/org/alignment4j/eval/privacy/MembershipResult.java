package org.alignment4j.eval.privacy;

import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.apiguardian.api.API;

/**
 * How well one score tells members from others.
 *
 * @param score the score's name
 * @param group of the members; empty for all of them
 * @param area area under the ROC; texts whose score is undefined are unscored, those whose call
 *     failed are failed; {@code n = 0} where a class has no text left
 * @param truePositiveRate share of members found at 5 % false positives
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MembershipResult(
    String score, String group, Estimate area, Estimate truePositiveRate) {

  /** The share of others that may be taken for members. */
  public static final double FALSE_POSITIVE_RATE = 0.05;

  /** What {@link #area} measures: what a model gives away, so lower is better. */
  public static final Metric AREA =
      Metric.of("membership AUC", "", Direction.ideal(0.5))
          .withChance(0.5)
          .withCitation("Shi et al. 2023, arXiv 2310.16789, section 4");

  /** What {@link #truePositiveRate} measures. */
  public static final Metric TRUE_POSITIVES =
      Metric.of("TPR at 5 % FPR", "fraction", Direction.LOWER)
          .withChance(FALSE_POSITIVE_RATE)
          .withCitation("Carlini et al. 2022, arXiv 2112.03570");
}
