package org.alignment4j.interp.circuit;

import java.util.List;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.TokenScore;
import org.apiguardian.api.API;

/**
 * A singular direction of a weight within the residual stream, read in the vocabulary. Its sign is
 * arbitrary: here its component of greatest magnitude is positive. Immutable and thread-safe.
 *
 * @param singularValue how strongly the weight reads or writes along it
 * @param direction the unit vector, {@code [1, d]}
 * @param logits the direction times {@code W_U}, {@code [1, V]}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SingularDirection(double singularValue, Matrix direction, Matrix logits) {

  /**
   * The tokens of the greatest logits, from the greatest on, then those of lower ids.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public List<TokenScore> top(int count) {
    return TokenScore.greatest(logits.toArray(), count);
  }

  /**
   * The tokens of the least logits, from the least on, then those of lower ids: the top ones of the
   * opposite direction.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public List<TokenScore> bottom(int count) {
    return TokenScore.least(logits.toArray(), count);
  }
}
