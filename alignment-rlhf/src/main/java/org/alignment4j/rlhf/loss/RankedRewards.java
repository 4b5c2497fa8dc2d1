package org.alignment4j.rlhf.loss;

import java.util.List;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a reward loss sees of a batch of rankings. Every value is {@code [prompts, answers]} with a
 * number of answers known when the graph is built; a prompt with fewer has empty places behind
 * them. Answers of a prompt come best first, tied ones in any order.
 *
 * @param rewards of the answers; any in empty places
 * @param scores how good each answer is, never rising along a prompt; any in empty places
 * @param present 1 for an answer, 0 for an empty place
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RankedRewards(Value rewards, Value scores, Value present) {

  /** Checks that every value is a matrix with a known number of columns. */
  public RankedRewards {
    for (Value v : List.of(rewards, scores, present)) {
      if (v.rank() != 2 || !(v.dim(1) instanceof Dim.Fixed)) {
        throw new IllegalArgumentException(
            "values must have the shape [prompts, answers] with the answers known but one was "
                + v);
      }
    }
  }

  /** The rewards as what a policy is ranked by, which has the comparisons. */
  private RankedLogProbs ranked() {
    return new RankedLogProbs(rewards, rewards, present, scores, present);
  }

  /** Places of answers per prompt. */
  int places() {
    return ranked().places();
  }

  /** 1 where answer k is better than answer i, else 0, {@code [prompts, answers k, answers i]}. */
  public Value better(Ops ops) {
    return ranked().better(ops);
  }

  /** The rewards of the worse answers, {@code [prompts, 1, answers]}. */
  Value columns(Ops ops) {
    return ranked().columns(ops, rewards);
  }

  /**
   * By how much the reward of answer k exceeds that of answer i, {@code [prompts, answers k,
   * answers i]}.
   */
  public Value differences(Ops ops) {
    return ops.sub(ranked().rows(ops, rewards), columns(ops));
  }
}
