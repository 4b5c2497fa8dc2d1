package org.alignment4j.rlhf;

import org.apiguardian.api.API;

/** Whether answers that the length limit ended may be learned from. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum TruncatedAnswers {
  /** They are never selected: a model that learns them forgets to end. */
  EXCLUDE,
  /** They are selected like others. */
  KEEP
}
