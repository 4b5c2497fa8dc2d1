package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Dynamic fine-tuning (Wu et al. 2025, arXiv 2508.05629; {@code loss_type="dft"} of TRL):
 * cross-entropy of a token times its probability, {@code −sg(p)·log p}, so that tokens the model
 * finds unlikely do not dominate. No gradient flows through the weight.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DynamicSftLoss {

  private DynamicSftLoss() {}

  /**
   * Emits {@code −Σ w_n·sg(p_n)·log p_n}.
   *
   * @param ops emits into a graph
   * @param labelLogProbs log-probabilities of the tokens to learn, {@code [rows]}
   * @param weights of the rows, {@code [rows]}; as in {@link SftLoss#weightedSum}
   * @return a scalar
   */
  public static Value weightedSum(Ops ops, Value labelLogProbs, Value weights) {
    Value probabilities = ops.exp(ops.detached(labelLogProbs));
    return SftLoss.weightedSum(ops, ops.mul(probabilities, labelLogProbs), weights);
  }
}
