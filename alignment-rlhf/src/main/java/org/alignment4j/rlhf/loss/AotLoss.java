package org.alignment4j.rlhf.loss;

import java.util.Objects;
import java.util.Set;
import org.alignment4j.rlhf.data.PairInput;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * Alignment by optimal transport (Melnyk et al. 2024, arXiv 2406.05882): {@code −(1−ε)·log σ(β·δ) −
 * ε·log σ(−β·δ)}, where δ compares quantiles over a batch instead of answers of one pair, so that
 * the better distribution dominates the other at first order. The k-th loss is that of the k-th
 * quantile, and belongs to no pair.
 *
 * <p>The batch is all pairs of an update, which is one micro-batch: the loss does not depend on how
 * rows are laid out, but memory grows with the batch size. Labels must be certain. A batch of one
 * pair gives {@link DpoLoss}.
 *
 * @param beta β, positive and finite
 * @param labelSmoothing ε, in [0, 0.5)
 * @param quantiles what is sorted
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AotLoss(double beta, double labelSmoothing, Quantiles quantiles)
    implements PreferenceLoss {

  /** What is sorted over the batch. */
  public enum Quantiles {
    /** Margins: {@code sort(log π(y_w) − log π(y_l)) − sort(log π_ref(y_w) − log π_ref(y_l))}. */
    MARGINS,
    /** Log ratios ("unpaired"): {@code sort(c) − sort(r)}. */
    RATIOS
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when a value is out of range
   */
  public AotLoss {
    Settings.requireBeta(beta);
    Settings.requireBelowHalf("labelSmoothing", labelSmoothing);
    Objects.requireNonNull(quantiles, "quantiles");
  }

  @Override
  public Set<PairInput> inputs() {
    return Set.of(PairInput.REFERENCE, PairInput.WHOLE_UPDATE);
  }

  @Override
  public Value losses(Ops ops, PairLogProbs pairs) {
    Value order = pairs.order();
    Value upper;
    Value lower;
    if (quantiles == Quantiles.MARGINS) {
      upper = ops.sub(pairs.policyChosen(), pairs.policyRejected());
      lower = ops.sub(pairs.referenceChosen(), pairs.referenceRejected());
    } else {
      upper = pairs.chosenRatio(ops);
      lower = pairs.rejectedRatio(ops);
    }
    Value d = ops.sub(Sorting.ascending(ops, upper, order), Sorting.ascending(ops, lower, order));
    return DpoLoss.ofMargin(ops, ops.scale(d, beta), labelSmoothing);
  }
}
