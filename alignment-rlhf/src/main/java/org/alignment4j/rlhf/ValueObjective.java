package org.alignment4j.rlhf;

import org.alignment4j.rlhf.policy.LossTerms;
import org.alignment4j.rlhf.policy.ValueLoss;
import org.alignment4j.rlhf.policy.ValueTokens;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A value loss over the states of completions, weighed and summed.
 *
 * @param loss the loss of a state
 */
record ValueObjective(ValueLoss loss) implements Objective {

  static final String OLD = "old_values";
  static final String RETURNS = "returns";
  static final String WEIGHTS = "value_weights";

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value outputs) {
    Graph graph = ops.graph();
    Shape rows = Shape.of(outputs.dim(0));
    ValueTokens tokens =
        new ValueTokens(
            ops.reshape(outputs, rows),
            graph.parameter(OLD, rows, false),
            graph.parameter(RETURNS, rows, false));
    LossTerms terms = loss.terms(ops, tokens);
    Value weights = graph.parameter(WEIGHTS, rows, false);
    return new ObjectiveGraph(ops.sumAll(ops.mul(weights, terms.losses())), terms.metrics());
  }
}
