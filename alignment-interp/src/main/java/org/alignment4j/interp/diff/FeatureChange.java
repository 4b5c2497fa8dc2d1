package org.alignment4j.interp.diff;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.apiguardian.api.API;

/**
 * How often a feature of a sparse autoencoder fires in either model on the same tokens.
 *
 * @param feature its index
 * @param before share of tokens on which it fires in the model before, in the mean over prompts
 * @param after the same of the model after
 * @param difference after minus before, paired by prompt; its interval is one of all features'
 *     together (Bonferroni)
 * @param activationBefore mean activation in the model before, tokens without it included
 * @param activationAfter the same of the model after
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FeatureChange(
    int feature,
    double before,
    double after,
    Estimate difference,
    double activationBefore,
    double activationAfter) {

  /** Checks that nothing is missing. */
  public FeatureChange {
    Objects.requireNonNull(difference, "difference");
  }
}
