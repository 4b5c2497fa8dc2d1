package org.alignment4j.rlhf;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.HeadValues;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * An objective over the distribution that a sampler draws from.
 *
 * @param objective what is minimised
 * @param temperature what divides the logits, positive
 */
record TemperedObjective(Objective objective, double temperature) implements Objective {

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    return objective.build(ops, labelLogProbs);
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs, HeadValues head) {
    return objective.build(ops, labelLogProbs, head);
  }
}
