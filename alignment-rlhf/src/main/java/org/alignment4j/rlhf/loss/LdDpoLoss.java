package org.alignment4j.rlhf.loss;

import java.util.Objects;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Length-desensitised direct preference optimisation (Liu et al. 2024, arXiv 2409.06411): the
 * sigmoid loss on log-probabilities of which the tokens beyond the length of the pair's shorter
 * answer count with a factor α, {@code log π̂(y) = α·log π(y) + (1−α)·log π(y_1…y_m)}. Implicit
 * rewards are {@code β·(log π̂ − log π̂_ref)}.
 *
 * @param beta β, positive and finite
 * @param alpha α, in [0, 1]; 1 is {@link DpoLoss}, 0 cuts the longer answer to the shorter one's
 *     length
 * @param models whose log-probabilities are discounted
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LdDpoLoss(double beta, double alpha, Models models) implements PreferenceLoss {

  /** Whose log-probabilities are discounted. */
  public enum Models {
    /** Both models', as in the paper: a policy that equals the reference has the loss log 2. */
    POLICY_AND_REFERENCE,
    /** The policy's alone, as some trainers do. */
    POLICY
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public LdDpoLoss {
    Settings.requireBeta(beta);
    Settings.requireProbability("alpha", alpha);
    Objects.requireNonNull(models, "models");
  }

  @Override
  public Set<PairInput> inputs() {
    return Set.of(PairInput.REFERENCE, PairInput.SHARED_TOKENS);
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    SharedLogProbs shared = pairs.shared();
    Value policy = discounted(ops, pairs.policyChosen(), shared.policyChosen());
    Value reference =
        models == Models.POLICY
            ? pairs.referenceChosen()
            : discounted(ops, pairs.referenceChosen(), shared.referenceChosen());
    return ops.scale(ops.sub(policy, reference), beta);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    return ops.neg(ops.logSigmoid(ops.sub(reward(ops, pairs), reward(ops, pairs.swapped()))));
  }

  private Value discounted(Ops ops, Value all, Value shared) {
    return ops.add(ops.scale(all, alpha), ops.scale(shared, 1 - alpha));
  }
}
