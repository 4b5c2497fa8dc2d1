package org.alignment4j.eval.inner.failure;

import org.apiguardian.api.API;

/** Where a failure comes from (Hubinger et al. 2019, arXiv 1906.01820, section 1.2). */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum FailureCause {
  /** The objective scored the failure at least as high as what was intended. */
  OUTER,
  /** The objective scored what was intended higher, and the model failed nevertheless. */
  INNER,
  /** Some of the observations say the one, others the other. */
  MIXED,
  /** Nothing is known of the objective's scores, or they are too uncertain. */
  UNDETERMINED
}
