package org.alignment4j.rlhf.policy;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A-LoL with a penalty instead of a ratio (Baheti et al. 2023, arXiv 2305.14718, section 3.2):
 * {@code A·NLL + β·mean_t(log π − log π_ref)} of a completion, which is {@code −A·log π +
 * β/len·(log π − log π_ref)} at its tokens. Added up by {@link
 * org.alignment4j.rlhf.advantage.TokenWeights#sequenceSum()}. Completions are given, not sampled,
 * so the gradient of the penalty does not vanish: it holds the likelihood of the completions down.
 *
 * @param beta β, finite and not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlolKlLoss(double beta) implements PolicyLoss {

  /**
   * Checks the setting.
   *
   * @throws IllegalArgumentException when β is negative or not finite
   */
  public AlolKlLoss {
    Settings.requireNotNegative("beta", beta);
  }

  @Override
  public boolean needsReference() {
    return true;
  }

  @Override
  public LossTerms terms(Ops ops, PolicyTokens tokens) {
    Value learned = ops.neg(ops.mul(tokens.advantages(), tokens.policy()));
    Value logRatio = ops.sub(tokens.policy(), tokens.reference());
    Value penalty = ops.div(logRatio, tokens.spread(ops, tokens.lengths()));
    LossTerms terms =
        new LossTerms(
            ops.add(ops.mul(learned, tokens.corrections()), ops.scale(penalty, beta)),
            PolicyMetrics.of(ops, tokens, ratio(ops, tokens)));
    return KlRegularisedLoss.reporting(terms, ops.detached(logRatio));
  }
}
