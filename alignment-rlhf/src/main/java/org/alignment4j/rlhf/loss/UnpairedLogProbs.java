package org.alignment4j.rlhf.loss;

import java.util.List;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a loss over single answers sees of a batch: log-probabilities summed over the tokens of each
 * answer, end token included. Every value is {@code [examples]}, the reference point {@code [1]}.
 *
 * @param policy log-probabilities under the model that is trained
 * @param reference log-probabilities under the frozen reference
 * @param desirable 1 for an answer that was found good, 0 for one found bad
 * @param referencePoint what rewards are compared with, z₀ or δ; no gradient flows into it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record UnpairedLogProbs(
    Value policy, Value reference, Value desirable, Value referencePoint) {

  /** Checks that every value is a vector. */
  public UnpairedLogProbs {
    for (Value v : List.of(policy, reference, desirable, referencePoint)) {
      if (v.rank() != 1) {
        throw new IllegalArgumentException("values must be vectors but one was " + v);
      }
    }
  }

  /** The log ratios of the answers, {@code log π(y) − log π_ref(y)}. */
  public Value ratios(Ops ops) {
    return ops.sub(policy, reference);
  }

  /** 1 for a good answer and −1 for a bad one. */
  Value signs(Ops ops) {
    return ops.shift(ops.scale(desirable, 2), -1);
  }

  /** One weight for good answers, another for bad ones. */
  Value weights(Ops ops, double ofDesirable, double ofUndesirable) {
    return ops.shift(ops.scale(desirable, ofDesirable - ofUndesirable), ofUndesirable);
  }
}
