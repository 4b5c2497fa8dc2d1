package org.alignment4j.interp.diff;

import java.util.Objects;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.interp.direction.Direction;
import org.apiguardian.api.API;

/**
 * A difference-of-means direction in either model, from the same prompts.
 *
 * @param before the direction of the model before, as long as the means are apart
 * @param after the direction of the model after
 * @param cosine of the two, with a bootstrap interval over prompts
 * @param within cosine of directions of one model that two halves of the prompts give, the
 *     geometric mean of both models', over random halves: what sampling alone makes of 1; NaN where
 *     a model's is not positive, so that the prompts show no direction
 * @param across cosine of the direction before of one half and that after of the other
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DirectionChange(
    Direction before, Direction after, Estimate cosine, double within, double across) {

  /** Checks that nothing is missing. */
  public DirectionChange {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(cosine, "cosine");
  }

  /**
   * The cosine that directions without sampling error would have: {@code across/within} (Spearman
   * 1904, correction for attenuation); 1, give or take noise, where the direction stayed.
   */
  public double corrected() {
    return across / within;
  }
}
