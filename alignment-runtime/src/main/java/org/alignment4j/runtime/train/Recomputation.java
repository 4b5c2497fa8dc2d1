package org.alignment4j.runtime.train;

import org.apiguardian.api.API;

/**
 * What the backward pass computes a second time instead of keeping it from the forward pass, known
 * as gradient or activation checkpointing. It trades time for memory and changes nothing else: the
 * second computation has the same operations, operands and dropout masks as the first, so losses,
 * gradients and trained weights are the same, and a run may be resumed with another choice.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Recomputation {

  /** Nothing: every value that the backward pass reads is kept. The fastest. */
  NONE,

  /**
   * The inside of each block (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost",
   * arXiv 1604.06174, section 4, with one segment a block): only the residual stream between
   * blocks, {@code layers·batch·seq·width} floats, is kept, and one block's values at a time are
   * computed again. That is one more forward pass of the blocks, without the last linear map of
   * each: up to a third more time. The head is not computed again, so its {@code [rows,
   * vocabulary]} log-probabilities stay as they are, and so do the masks of dropout, which are
   * drawn before the pass.
   */
  BLOCKS
}
