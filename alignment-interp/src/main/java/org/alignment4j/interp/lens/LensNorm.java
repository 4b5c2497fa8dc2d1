package org.alignment4j.interp.lens;

import org.apiguardian.api.API;

/** How the logit lens applies the final norm to a stream that is not yet the last. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum LensNorm {
  /**
   * With mean and scale of each row itself, as if the model ended there (nostalgebraist 2020). Not
   * linear in the stream.
   */
  RECOMPUTED,
  /**
   * Divided by the scale that the last stream has at the same place, as TransformerLens does in
   * {@code accumulated_resid(apply_ln=True)}. Linear in the stream, so that what a part adds to the
   * logits is the difference between the points before and after it; a soft cap, which is not
   * linear, is still applied.
   */
  FROZEN_SCALE
}
