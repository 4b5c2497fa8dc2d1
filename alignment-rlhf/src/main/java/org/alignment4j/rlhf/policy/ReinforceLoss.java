package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * REINFORCE (Williams 1992): {@code −A·log π} at tokens. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#sequenceSum()}, it takes a completion as one action:
 * with {@code R − V_ref} of the prompt for A that is A-LoL free of the reference (Baheti et al.
 * 2023, arXiv 2305.14718, section 3.2), with R itself weighted behaviour cloning.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ReinforceLoss() implements PolicyLoss {

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value losses = ops.neg(ops.mul(tokens.advantages(), tokens.policy()));
    return new LossTerms(
        ops.mul(losses, tokens.corrections()), PolicyMetrics.of(ops, tokens, ratio(ops, tokens)));
  }
}
