package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/** The loss of supervised fine-tuning: cross-entropy of the tokens to learn. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SftLoss {

  private SftLoss() {}

  /**
   * Emits {@code −Σ w_n·log p_n}. With every weight one over the number of tokens of the whole
   * accumulated batch, the losses of its micro-batches sum to the mean over its tokens, however it
   * is divided.
   *
   * @param ops emits into a graph
   * @param labelLogProbs log-probabilities of the tokens to learn, {@code [rows]}
   * @param weights their weights, {@code [rows]}
   * @return a scalar
   */
  public static Value weightedSum(Ops ops, Value labelLogProbs, Value weights) {
    return ops.neg(ops.sumAll(ops.mul(labelLogProbs, weights)));
  }
}
