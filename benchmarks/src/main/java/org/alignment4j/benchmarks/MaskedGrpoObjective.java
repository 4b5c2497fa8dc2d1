package org.alignment4j.benchmarks;

import java.util.Map;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.rlhf.policy.PolicyTokens;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A policy loss at every position of one sequence, with weights that are 0 where no token of the
 * completion is predicted.
 *
 * @param loss a loss of tokens
 */
record MaskedGrpoObjective(PolicyLoss loss) implements Objective {

  static final String OLD = "old";
  static final String REFERENCE = "reference";
  static final String ADVANTAGES = "advantages";
  static final String WEIGHTS = "weights";

  private static final Dim ONE = Dim.of(1);

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Dim rows = labelLogProbs.dim(0);
    Value weights = input(ops, WEIGHTS, rows);
    Value ones = ops.shift(ops.scale(weights, 0), 1);
    PolicyTokens tokens =
        new PolicyTokens(
            labelLogProbs,
            input(ops, OLD, rows),
            input(ops, REFERENCE, rows),
            input(ops, ADVANTAGES, rows),
            ones,
            ops.reshape(ones, ONE, rows),
            ops.reshape(ops.sumAll(ones), ONE));
    Value losses = loss.terms(ops, tokens).losses();
    return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), Map.of());
  }

  private static Value input(Ops ops, String name, Dim rows) {
    return ops.graph().parameter(name, Shape.of(rows), false);
  }
}
