package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.apiguardian.api.API;

/**
 * A loss that brings values to returns. It gives a loss for each token, added up as the mean over
 * tokens. Immutable; two losses are equal when they emit the same expression.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface ValueLoss permits ClippedValueLoss, SquaredValueLoss {

  /**
   * Emits the loss of each token.
   *
   * @param ops emits into a graph
   * @param tokens values and returns, {@code [rows]} each
   * @return losses and metrics, {@code [rows]} each
   */
  LossTerms terms(Ops ops, ValueTokens tokens);

  /**
   * Returns the loss of PPO: ε 0.2.
   *
   * @return the loss
   */
  static ClippedValueLoss ppo() {
    return new ClippedValueLoss(0.2);
  }

  /**
   * Returns half the squared error.
   *
   * @return the loss
   */
  static SquaredValueLoss squared() {
    return new SquaredValueLoss();
  }
}
