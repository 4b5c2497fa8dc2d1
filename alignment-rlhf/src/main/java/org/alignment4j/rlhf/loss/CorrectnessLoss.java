package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The loss of reward models that tell how likely something is correct: binary cross-entropy {@code
 * −c·log σ(r) − (1 − c)·log σ(−r)} of a score r against a correctness c from 0 to 1. Read at the
 * end of each step it is that of process reward models (Lightman et al. 2023, arXiv 2305.20050;
 * with shares of successful continuations as c, Wang et al. 2023, arXiv 2312.08935, eq. 2), at
 * every token of an answer that of outcome reward models (Cobbe et al. 2021, arXiv 2110.14168).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CorrectnessLoss {

  private CorrectnessLoss() {}

  /**
   * Emits the loss of each score.
   *
   * @param ops emits into a graph
   * @param scores r, {@code [scores]}
   * @param correctness c, {@code [scores]}
   * @return the losses, {@code [scores]}, finite for every finite score
   */
  public static Value losses(Ops ops, Value scores, Value correctness) {
    Value right = ops.mul(correctness, ops.logSigmoid(scores));
    Value wrong = ops.mul(ops.shift(ops.neg(correctness), 1), ops.logSigmoid(ops.neg(scores)));
    return ops.neg(ops.add(right, wrong));
  }
}
