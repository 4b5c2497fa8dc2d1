package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.policy.LossTerms;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.rlhf.policy.PolicyTokens;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;

/**
 * A policy loss over answers that others wrote, with metrics of whole answers. The reference stands
 * for the policy that wrote them; what compares with it is measured only where the loss reads it.
 *
 * @param loss the loss of a token
 */
record AlolObjective(PolicyLoss loss) implements Objective {

  static final String REFERENCE = "reference_log_probs";
  static final String CORRECTIONS = "corrections";
  static final String WEIGHTS = "token_weights";
  static final String MEMBERSHIP = "answer_tokens";
  static final String LENGTHS = "answer_lengths";
  static final String ADVANTAGES = "answer_advantages";
  static final String REWARDS = "answer_rewards";

  private static final Dim ANSWERS = Dim.symbol("answers");

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Graph graph = ops.graph();
    Dim rows = labelLogProbs.dim(0);
    Value membership = graph.parameter(MEMBERSHIP, Shape.of(ANSWERS, rows), false);
    Value advantages = graph.parameter(ADVANTAGES, Shape.of(ANSWERS), false);
    Value byAnswer = ops.reshape(advantages, ANSWERS, Dim.of(1));
    Value reference = graph.parameter(REFERENCE, Shape.of(rows), false);
    LossTerms terms =
        loss.terms(
            ops,
            new PolicyTokens(
                labelLogProbs,
                reference,
                reference,
                ops.reshape(ops.matMul(membership, true, byAnswer, false, 1), rows),
                graph.parameter(CORRECTIONS, Shape.of(rows), false),
                membership,
                graph.parameter(LENGTHS, Shape.of(ANSWERS), false)));
    Map<String, Value> metrics = new LinkedHashMap<>();
    if (loss.needsReference()) {
      metrics.putAll(terms.metrics());
    }
    Value column = ops.reshape(labelLogProbs, rows, Dim.of(1));
    metrics.put("rewards", graph.parameter(REWARDS, Shape.of(ANSWERS), false));
    metrics.put("advantages", advantages);
    metrics.put("logps", ops.reshape(ops.matMul(membership, column), ANSWERS));
    metrics.put("nll", ops.neg(labelLogProbs));
    Value weights = graph.parameter(WEIGHTS, Shape.of(rows), false);
    return new ObjectiveGraph(ops.sumAll(ops.mul(weights, terms.losses())), metrics);
  }
}
