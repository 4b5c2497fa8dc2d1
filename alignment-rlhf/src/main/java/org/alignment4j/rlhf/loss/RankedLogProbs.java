package org.alignment4j.rlhf.loss;

import java.util.List;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * What a loss over rankings sees of a batch of prompts. Every value is {@code [prompts, answers]}
 * with a number of answers known when the graph is built; a prompt with fewer has empty places
 * behind them. Answers of a prompt come best first, tied ones in any order.
 *
 * @param policy log-probabilities under the model that is trained, summed over the tokens of each
 *     answer, end token included; 0 in empty places
 * @param reference the same under the frozen reference
 * @param lengths tokens of each answer; 1 in empty places
 * @param scores how good each answer is, never rising along a prompt; any in empty places
 * @param present 1 for an answer, 0 for an empty place
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RankedLogProbs(
    Value policy, Value reference, Value lengths, Value scores, Value present) {

  /** Makes the sign of any difference ±1 in float32. */
  private static final double STEEP = 1e30;

  /** Checks that every value is a matrix with a known number of columns. */
  public RankedLogProbs {
    for (Value v : List.of(policy, reference, lengths, scores, present)) {
      if (v.rank() != 2 || !(v.dim(1) instanceof Dim.Fixed)) {
        throw new IllegalArgumentException(
            "values must have the shape [prompts, answers] with the answers known but one was "
                + v);
      }
    }
  }

  /** Places of answers per prompt. */
  int places() {
    return Math.toIntExact(policy.shape().size(1));
  }

  /** The log ratio of each answer, {@code log π(y) − log π_ref(y)}. */
  Value ratios(Ops ops) {
    return ops.sub(policy, reference);
  }

  /** The mean log-probability of the tokens of each answer. */
  public Value means(Ops ops) {
    return ops.div(policy, lengths);
  }

  /** The first column of a matrix, that of the best answers, {@code [prompts]}. */
  public Value best(Ops ops, Value matrix) {
    int k = places();
    Value first = k == 1 ? matrix : ops.split(matrix, 1, 1, k - 1L).get(0);
    return ops.reshape(first, matrix.dim(0));
  }

  /** A matrix seen along the better answer, {@code [prompts, answers, 1]}. */
  public Value rows(Ops ops, Value matrix) {
    return ops.reshape(matrix, matrix.dim(0), matrix.dim(1), Dim.of(1));
  }

  /** A matrix seen along the worse answer, {@code [prompts, 1, answers]}. */
  public Value columns(Ops ops, Value matrix) {
    return ops.reshape(matrix, matrix.dim(0), Dim.of(1), matrix.dim(1));
  }

  /**
   * How much better answer k is than answer i, 0 where it is not, {@code [prompts, answers k,
   * answers i]}; 0 at empty places.
   */
  Value leads(Ops ops) {
    Value difference = ops.sub(rows(ops, scores), columns(ops, scores));
    Value both = ops.mul(rows(ops, present), columns(ops, present));
    return ops.mul(ops.relu(difference), both);
  }

  /** 1 where answer k is better than answer i, else 0, {@code [prompts, answers k, answers i]}. */
  public Value better(Ops ops) {
    return ops.clamp(ops.scale(leads(ops), STEEP), 0, 1);
  }

  /** Answers of each prompt, {@code [prompts]}. */
  Value counts(Ops ops) {
    return ops.sum(present, 1);
  }
}
