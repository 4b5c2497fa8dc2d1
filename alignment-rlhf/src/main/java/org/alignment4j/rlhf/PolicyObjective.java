package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.rlhf.policy.LossTerms;
import org.alignment4j.rlhf.policy.PolicyLoss;
import org.alignment4j.rlhf.policy.PolicyTokens;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.HeadDistribution;
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
 * @param entropy what is done with the entropy of tokens
 * @param texts whether texts are learned beside
 */
record PolicyObjective(PolicyLoss loss, double temperature, Old old, Entropy entropy, Texts texts)
    implements Objective {

  /** Where the log-probabilities under the policy that sampled come from. */
  enum Old {
    /** An input, {@link #OLD}. */
    GIVEN,
    /** The policy is that policy still; what it gives is reported as {@link #LOG_PROBS}. */
    SAME
  }

  /** What is done with the entropy of the distribution that each token is one of. */
  enum Entropy {
    /** It is not computed. */
    UNSEEN,
    /** It is reported as {@link #ENTROPY}. */
    MEASURED,
    /** It is reported, and taken off the loss with the weights {@link #ENTROPY_WEIGHTS}. */
    REWARDED
  }

  /** Whether tokens of texts stand among those of completions. */
  enum Texts {
    /** All tokens are of completions. */
    NONE,
    /**
     * The cross-entropy of tokens, without temperature, is added with the weights {@link
     * #TEXT_WEIGHTS}. Tokens of a positive weight are of texts: their cross-entropy is reported as
     * {@link #TEXT_LOSS}, and 0 as everything else.
     */
    BESIDE
  }

  static final String OLD = "old_log_probs";
  static final String LOG_PROBS = "policy_log_probs";
  static final String REFERENCE = "reference_log_probs";
  static final String ADVANTAGES = "advantages";
  static final String WEIGHTS = "token_weights";
  static final String CORRECTIONS = "corrections";
  static final String MEMBERSHIP = "completion_tokens";
  static final String LENGTHS = "completion_lengths";
  static final String ENTROPY = "entropy";
  static final String ENTROPY_WEIGHTS = "entropy_weights";
  static final String TEXT_WEIGHTS = "text_weights";
  static final String TEXT_LOSS = "ptx_loss";

  /** Makes 1 of any weight. */
  private static final double STEEP = 1e30;

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
    Value sum = ops.sumAll(ops.mul(weights, terms.losses()));
    if (old == Old.SAME) {
      metrics.put(LOG_PROBS, ops.detached(labelLogProbs));
    }
    if (entropy != Entropy.UNSEEN) {
      Value entropies = HeadDistribution.of(ops, labelLogProbs).entropies();
      metrics.put(ENTROPY, ops.detached(entropies));
      if (entropy == Entropy.REWARDED) {
        Value bonus = ops.mul(vector(graph, ENTROPY_WEIGHTS, rows), entropies);
        sum = ops.sub(sum, ops.sumAll(bonus));
      }
    }
    if (texts == Texts.BESIDE) {
      Value nll = ops.neg(HeadDistribution.of(ops, labelLogProbs).labelLogProbs(temperature));
      Value ofTexts = vector(graph, TEXT_WEIGHTS, rows);
      sum = ops.add(sum, ops.sumAll(ops.mul(ofTexts, nll)));
      Value text = ops.clamp(ops.scale(ofTexts, STEEP), 0, 1);
      Value completion = ops.shift(ops.neg(text), 1);
      metrics.replaceAll((name, value) -> ops.mul(value, completion));
      metrics.put(TEXT_LOSS, ops.mul(ops.detached(nll), text));
    }
    return new ObjectiveGraph(sum, metrics);
  }

  private static Value vector(Graph graph, String name, Dim size) {
    return graph.parameter(name, Shape.of(size), false);
  }
}
