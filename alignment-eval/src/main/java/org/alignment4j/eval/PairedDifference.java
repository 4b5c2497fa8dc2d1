package org.alignment4j.eval;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * The difference of two models on the samples that both have a score for.
 *
 * @param before mean score of the first model on these samples
 * @param after mean score of the second model on these samples
 * @param difference after minus before, with errors clustered as the samples are
 * @param pValue probability, if there were no difference, of one at least as large: a sign-flip
 *     test by cluster (see {@link org.alignment4j.core.statistics.SignFlipTest})
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
    double pValue,
    double adjustedPValue,
    double detectable,
    long unpaired) {

  /** Checks that nothing is missing. */
  public PairedDifference {
    Objects.requireNonNull(difference, "difference");
  }

  PairedDifference withAdjusted(double value) {
    return new PairedDifference(before, after, difference, pValue, value, detectable, unpaired);
  }
}
