package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * The loss of supervised fine-tuning with label smoothing (Szegedy et al. 2016, arXiv 1512.00567,
 * section 7): cross-entropy against labels that are right with probability {@code 1 − ε} and
 * uniform over all K tokens, the right one included, with probability ε. The loss of a token y is
 * {@code −(1−ε)·log p_y − ε/K·Σ_k log p_k}, that of {@code torch.nn.CrossEntropyLoss} with {@code
 * label_smoothing = ε}.
 *
 * @param smoothing ε, in [0, 1); 0 is {@link SftLoss}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SmoothedSftLoss(double smoothing) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when ε is out of range
   */
  public SmoothedSftLoss {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException("smoothing must be in [0, 1) but was " + smoothing);
    }
  }

  /**
   * Emits {@code −Σ w_n·((1−ε)·log p_n + ε·mean_k log p_nk)}.
   *
   * @param ops emits into a graph
   * @param labelLogProbs log-probabilities of the tokens to learn, {@code [rows]}
   * @param meanLogProbs mean log-probabilities over the vocabulary, {@code [rows]}
   * @param weights of the rows, {@code [rows]}; as in {@link SftLoss#weightedSum}
   * @return a scalar
   */
  public Value weightedSum(Ops ops, Value labelLogProbs, Value meanLogProbs, Value weights) {
    Value right = ops.scale(labelLogProbs, 1 - smoothing);
    Value uniform = ops.scale(meanLogProbs, smoothing);
    return SftLoss.weightedSum(ops, ops.add(right, uniform), weights);
  }
}
