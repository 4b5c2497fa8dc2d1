package org.alignment4j.rlhf.loss;

import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.apiguardian.api.API;

/**
 * A loss of two-class labels that are probabilities, such as those of a weaker model: cross-entropy
 * {@code −t·log σ(r) − (1 − t)·log σ(−r)} of a score r, the log-odds of class 1, against a target t
 * that may lean on the score itself. No gradient flows through the target.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface SoftLabelLoss permits SoftCrossEntropy, ConfidenceLoss, ProductLoss {

  /**
   * Emits the targets.
   *
   * @param ops emits into a graph
   * @param scores r, {@code [n]}, of a whole batch
   * @param labels probability of class 1 that the labels say, {@code [n]}
   * @param confidence {@link #confidence} of the update, {@code [n]} times the same
   * @return probability of class 1 to learn, {@code [n]}; the caller detaches them
   */
  Value targets(Ops ops, Value scores, Value labels, Value confidence);

  /**
   * Emits the loss of each score.
   *
   * @param ops emits into a graph
   * @param scores r, {@code [n]}, of a whole batch
   * @param labels probability of class 1 that the labels say, {@code [n]}
   * @param confidence {@link #confidence} of the update, {@code [n]} times the same
   * @return the losses, {@code [n]}, finite for every finite score
   */
  default Value losses(Ops ops, Value scores, Value labels, Value confidence) {
    Value targets = ops.detached(targets(ops, ops.detached(scores), labels, confidence));
    return CorrectnessLoss.losses(ops, scores, targets);
  }

  /**
   * Returns how much the targets lean on the model's own class at a point of the training.
   *
   * @param stepFraction share of the updates that are done, in [0, 1)
   * @return in [0, 1]; 0 for losses that never lean on it
   */
  default double confidence(double stepFraction) {
    return 0;
  }
}
