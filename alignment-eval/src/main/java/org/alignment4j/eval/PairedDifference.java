package org.alignment4j.eval;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * The difference of two models on the samples that both have a score for.
 *
 * @param before the first model's figure on these samples
 * @param after the second model's figure on these samples
 * @param difference after minus before, with errors clustered as the samples are
 * @param test how it was tested
 * @param pValue probability, if there were no difference, of one at least as large
 * @param adjustedPValue the same adjusted by Holm's method for all tests of the comparison
 * @param detectable the true difference that would be found at level 0.05 four times in five, in
 *     the metric's unit; NaN when the standard error is not known or no sample differs, which says
 *     nothing of how much samples may differ
 * @param unpaired samples that only one of the models has a score for, left out
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairedDifference(
    double before,
    double after,
    Estimate difference,
    Test test,
    double pValue,
    double adjustedPValue,
    double detectable,
    long unpaired) {

  /** Checks that nothing is missing. */
  public PairedDifference {
    Objects.requireNonNull(difference, "difference");
    Objects.requireNonNull(test, "test");
  }

  /** How a difference is tested. */
  public enum Test {
    /**
     * Of means of the samples' scores: random signs of the clusters' differences, see {@link
     * org.alignment4j.core.statistics.SignFlipTest}; the interval is that of their mean.
     */
    SIGN_FLIP,
    /**
     * Of all other figures: clusters are drawn with replacement, the same for both models, and both
     * figures computed anew (Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter
     * 16). The interval is that of percentiles. With {@code m} of {@code r} resamples on the rarer
     * side of no difference {@code p = 2(m + 1)/(r + 1)}, but never less than {@code 2^(1−C)}, the
     * least that a test by signs finds on the {@code C} clusters that the figure rests on.
     */
    BOOTSTRAP
  }

  /** Returns this difference with another adjusted p-value. */
  public PairedDifference withAdjusted(double value) {
    return new PairedDifference(
        before, after, difference, test, pValue, value, detectable, unpaired);
  }
}
