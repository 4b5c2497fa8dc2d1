package org.alignment4j.rlhf;

import org.alignment4j.rlhf.data.RankingRows;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * Ranked answers from what the head gives at scored tokens and the inputs of {@link RankingRows}.
 *
 * @param ops emits into a graph
 * @param outputs a number of each scored token, {@code [rows]} or {@code [rows, 1]}
 * @param places answers per prompt
 */
record RankingParameters(Ops ops, Value outputs, int places) {

  private static final Dim PROMPTS = Dim.symbol("prompts");
  private static final Dim SLOTS = Dim.symbol("slots");

  /** Makes the sign of any difference ±1 in float32. */
  private static final double STEEP = 1e30;

  /** The sum of the outputs of each answer, {@code [prompts, places]}. */
  Value answers() {
    Dim rows = outputs.dim(0);
    Value tokens = ops.graph().parameter(RankingRows.ANSWER_TOKENS, Shape.of(SLOTS, rows), false);
    Value column = ops.reshape(outputs, rows, Dim.of(1));
    return ops.reshape(ops.matMul(tokens, column), PROMPTS, Dim.of(places));
  }

  /** A declared input with a number for each answer. */
  Value matrix(String name) {
    return ops.graph().parameter(name, Shape.of(PROMPTS, Dim.of(places)), false);
  }

  /** The sum of losses of prompts, {@code [prompts]}, by their weights. */
  Value weighted(Value losses) {
    return ops.sumAll(ops.mul(losses, vector(RankingRows.WEIGHTS)));
  }

  /**
   * What turns sums over the pairs of a prompt that are not tied into a metric, {@code [prompts]}.
   */
  Value shares() {
    return vector(RankingRows.PAIR_SHARES);
  }

  /**
   * What a metric over pairs of answers that are not tied is told of each prompt.
   *
   * @param values of answers k and i, {@code [prompts, answers k, answers i]}
   * @param better 1 where answer k is better than answer i, else 0, of the same shape
   * @param shares those of the prompts
   * @return {@code [prompts]}
   */
  Value overPairs(Value values, Value better, Value shares) {
    return ops.mul(ops.sum(ops.mul(values, better), 1, 2), shares);
  }

  /** 1 where a difference is positive, ½ where there is none, 0 where it is negative. */
  Value agreement(Value differences) {
    return ops.shift(ops.scale(ops.clamp(ops.scale(differences, STEEP), -1, 1), 0.5), 0.5);
  }

  private Value vector(String name) {
    return ops.graph().parameter(name, Shape.of(PROMPTS), false);
  }
}
