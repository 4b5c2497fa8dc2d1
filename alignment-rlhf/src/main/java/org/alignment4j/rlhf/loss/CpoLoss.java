package org.alignment4j.rlhf.loss;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Contrastive preference optimisation (Xu et al. 2024, arXiv 2401.08417): {@code −log σ(β·(log
 * π(y_w) − log π(y_l))) + α·NLL(y_w)}, log-probabilities summed over tokens. Rewards are {@code
 * β·log π(y)}. No reference. The sum favours short answers; {@link SimPoLoss} has means.
 *
 * @param beta β, positive and finite; 0.1 is usual
 * @param alpha α, finite and not negative; 1 is usual, 0 is the sigmoid loss without reference
 * @param normalisation how the negative log-likelihood comes from those of the answer's tokens: the
 *     paper writes a sum, its code averages over each answer and TRL over the tokens of all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CpoLoss(double beta, double alpha, SftTermLoss.Normalisation normalisation)
    implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public CpoLoss {
    Settings.requireBeta(beta);
    Settings.requireNotNegative("alpha", alpha);
    Objects.requireNonNull(normalisation, "normalisation");
  }

  @Override
  public Set<PairInput> inputs() {
    return normalisation.inputs(Set.of());
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return ops.scale(pairs.policyChosen(), beta);
  }

  /** {@code nll_loss}. */
  @Override
  public Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    return Map.of("nll_loss", ops.neg(normalisation.logLikelihood(ops, pairs)));
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value d = ops.sub(pairs.policyChosen(), pairs.policyRejected());
    Value preference = ops.logSigmoid(ops.scale(d, beta));
    Value likelihood = ops.scale(normalisation.logLikelihood(ops, pairs), alpha);
    return ops.neg(ops.add(preference, likelihood));
  }
}
