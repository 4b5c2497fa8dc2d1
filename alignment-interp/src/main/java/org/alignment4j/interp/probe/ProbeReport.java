package org.alignment4j.interp.probe;

import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.interp.activation.ActivationSite;
import org.apiguardian.api.API;

/**
 * How well a probe does on rows that it was not fitted on, and what that is worth.
 *
 * @param method how probes were made
 * @param site where they read
 * @param accuracy share of tested rows on their side, with an interval over groups
 * @param area area under the ROC within folds, weighted by their rows, with an interval from
 *     resampled groups; n is 0 where no fold tests both classes
 * @param majority accuracy of always saying the class that is more frequent among the fitted rows
 * @param randomLabels accuracy of probes fitted and tested on labels that were shuffled between
 *     groups, in the mean of the shuffles: about ½ for classes of like size; more says that folds
 *     leak
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ProbeReport(
    String method,
    ActivationSite site,
    Estimate accuracy,
    Estimate area,
    double majority,
    double randomLabels) {

  /** Lines of figures, for a console. */
  public String toTable() {
    return String.join(
        "\n",
        method + " at " + site,
        "accuracy       " + accuracy,
        "area under ROC " + area,
        "majority       " + majority,
        "random labels  " + randomLabels);
  }
}
