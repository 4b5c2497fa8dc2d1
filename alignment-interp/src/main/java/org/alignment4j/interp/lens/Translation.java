package org.alignment4j.interp.lens;

import org.apiguardian.api.API;

/** What the translators of a tuned lens may do to the stream before it is read. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Translation {
  /** {@code h' = h + A·h + b}. */
  AFFINE,
  /** {@code h' = h + b}: the mean difference between a layer's stream and the last one's alone. */
  BIAS
}
