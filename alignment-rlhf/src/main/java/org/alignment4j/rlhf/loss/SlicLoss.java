package org.alignment4j.rlhf.loss;

import java.util.Map;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Sequence likelihood calibration from human feedback (SLiC-HF, Zhao et al. 2023, arXiv 2305.10425,
 * eq. 1): {@code max(0, δ − log π(y_w) + log π(y_l)) − λ·log π(y_ref)}, log-probabilities summed
 * over tokens. The regulariser's answer y_ref is the preferred answer of the pair, since pairs have
 * no other target. Rewards are {@code log π(y)}. No reference model.
 *
 * @param margin δ, positive and finite; 1 is usual
 * @param regularisation λ, finite and not negative; 0.1 is usual
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SlicLoss(double margin, double regularisation) implements PreferenceLoss {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public SlicLoss {
    Settings.requirePositive("margin", margin);
    Settings.requireNotNegative("regularisation", regularisation);
  }

  /** The loss has no scale of rewards: 1. */
  @Override
  public double beta() {
    return 1;
  }

  @Override
  public Set<PairInput> inputs() {
    return Set.of();
  }

  @Override
  public Value reward(Ops ops, PairLogProbs pairs) {
    return pairs.policyChosen();
  }

  /** {@code nll_loss}, summed over the tokens of an answer. */
  @Override
  public Map<String, Value> metrics(Ops ops, PairLogProbs pairs) {
    return Map.of("nll_loss", ops.neg(pairs.policyChosen()));
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value behind = ops.sub(pairs.policyRejected(), pairs.policyChosen());
    Value calibration = ops.relu(ops.shift(behind, margin));
    return ops.sub(calibration, ops.scale(pairs.policyChosen(), regularisation));
  }
}
