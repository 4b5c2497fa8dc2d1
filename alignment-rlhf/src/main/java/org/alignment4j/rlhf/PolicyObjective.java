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
 * A policy loss over sampled tokens, weighed and summed.
 *
 * @param loss the loss of a token
 * @param temperature of the sampler, which divides the logits here too
 * @param old where the log-probabilities under the policy that sampled come from
 */
record PolicyObjective(PolicyLoss loss, double temperature, Old old) implements Objective {

  /** Where the log-probabilities under the policy that sampled come from. */
  enum Old {
    /** An input, {@link #OLD}. */
    GIVEN,
    /** The policy is that policy still; what it gives is reported as {@link #LOG_PROBS}. */
    SAME
  }

  static final String OLD = "old_log_probs";
  static final String LOG_PROBS = "policy_log_probs";
  static final String REFERENCE = "reference_log_probs";
  static final String ADVANTAGES = "advantages";
  static final String WEIGHTS = "token_weights";
  static final String CORRECTIONS = "corrections";
  static final String MEMBERSHIP = "completion_tokens";
  static final String LENGTHS = "completion_lengths";

  @Override
  public Object key() {
    return this;
  }

  @Override
  public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
    Graph graph = ops.graph();
    Dim rows = labelLogProbs.dim(0);
    Dim completions = Dim.symbol("completions");
    PolicyTokens tokens =
        new PolicyTokens(
            labelLogProbs,
            old == Old.GIVEN ? vector(graph, OLD, rows) : ops.detached(labelLogProbs),
            vector(graph, REFERENCE, rows),
            vector(graph, ADVANTAGES, rows),
            vector(graph, CORRECTIONS, rows),
            graph.parameter(MEMBERSHIP, Shape.of(completions, rows), false),
            vector(graph, LENGTHS, completions));
    LossTerms terms = loss.terms(ops, tokens);
    Value weights = vector(graph, WEIGHTS, rows);
    Map<String, Value> metrics = new LinkedHashMap<>(terms.metrics());
    if (old == Old.SAME) {
      metrics.put(LOG_PROBS, ops.detached(labelLogProbs));
    }
    return new ObjectiveGraph(ops.sumAll(ops.mul(weights, terms.losses())), metrics);
  }

  private static Value vector(Graph graph, String name, Dim size) {
    return graph.parameter(name, Shape.of(size), false);
  }
}
