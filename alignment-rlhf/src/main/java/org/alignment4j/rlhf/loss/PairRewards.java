package org.alignment4j.rlhf.loss;

import java.util.List;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a reward loss sees of a batch of pairs. Every value is {@code [pairs]}.
 *
 * @param chosen rewards of the preferred answers
 * @param rejected rewards of the other answers
 * @param margins by how much the preferred answer is better, on the annotator's scale
 * @param probabilities that the label is right
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PairRewards(Value chosen, Value rejected, Value margins, Value probabilities) {

  /** Checks that every value is a vector. */
  public PairRewards {
    for (Value v : List.of(chosen, rejected, margins, probabilities)) {
      if (v.rank() != 1) {
        throw new IllegalArgumentException("values must have the shape [pairs] but one was " + v);
      }
    }
  }

  /** By how much the reward of the preferred answer exceeds that of the other. */
  public Value difference(Ops ops) {
    return ops.sub(chosen, rejected);
  }
}
