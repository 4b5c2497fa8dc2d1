package org.alignment4j.rlhf.advantage;

import org.apiguardian.api.API;

/** How values are brought to a common scale. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Whitening {
  /** Values stay as they are. */
  NONE,
  /** Mean 0 and variance 1. */
  FULL,
  /** Variance 1 about the mean they have ({@code shift_mean=False}). */
  KEEP_MEAN;

  double apply(double value, double mean, double scale, int count) {
    if (this == NONE) {
      return value;
    }
    if (count < 2) {
      return 0;
    }
    return (value - mean) * scale + (this == KEEP_MEAN ? mean : 0);
  }
}
