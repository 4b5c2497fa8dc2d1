package org.alignment4j.interp.audit;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.interp.activation.ActivationSite;
import org.apiguardian.api.API;

/**
 * How a site's probe does on the statements that the site is chosen on.
 *
 * @param site where it reads
 * @param accuracy share of statements on their side
 * @param area area under the ROC, by which sites are compared
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SiteAccuracy(ActivationSite site, Estimate accuracy, Estimate area) {

  /** Checks that nothing is missing. */
  public SiteAccuracy {
    Objects.requireNonNull(site, "site");
    Objects.requireNonNull(accuracy, "accuracy");
    Objects.requireNonNull(area, "area");
  }
}
