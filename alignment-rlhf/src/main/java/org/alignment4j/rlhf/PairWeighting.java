package org.alignment4j.rlhf;

import org.apiguardian.api.API;

/** How much each pair of an update counts. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum PairWeighting {
  /** All alike. */
  EQUAL,

  /**
   * As likely as the model before the update would write both answers itself (WPO with sampled
   * alignment, Zhou et al. 2024, arXiv 2406.11827): {@code w(y_w)·w(y_l)} with {@code w(y) =
   * exp(mean_t(log π(y_t) − log Σ_v π(v)²))}. 1 for answers as likely as sampled ones, and not
   * bounded by it. {@code log Σ π²} comes from a second pass at temperature ½, since {@code
   * log-softmax(2z)_t − log-softmax(z)_t = log π(y_t) − log Σ π²}. Costs two forward passes per
   * update. Its mean is the metric {@code pair_weights}.
   */
  PRESENT_POLICY
}
