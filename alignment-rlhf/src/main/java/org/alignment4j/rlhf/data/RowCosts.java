package org.alignment4j.rlhf.data;

import org.alignment4j.runtime.architecture.DecoderConfig;
import org.apiguardian.api.API;

/**
 * What rows of tokens cost a decoder, from which {@link RolloutRows#plan} chooses their length:
 * longer rows share more prompts, and have attention compare more pairs of tokens.
 *
 * @param position multiply-adds of the linear layers at a position, positive
 * @param pair those of attention for a pair of positions of a row, positive; the work on its
 *     probability among them
 * @param pairBytes bytes of the probabilities that the backward pass keeps of a pair, positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RowCosts(double position, double pair, long pairBytes) {

  /** What masking and the softmax take of a pair and head, in multiply-adds. */
  private static final double SOFTMAX = 32;

  /** Positions that take as long as passing over all gradients once more. */
  private static final double POSITIONS_PER_RUN = 32;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is not positive
   */
  public RowCosts {
    if (!(position > 0) || !(pair > 0) || pairBytes < 1) {
      throw new IllegalArgumentException(
          "costs must be positive but were %s, %s and %s".formatted(position, pair, pairBytes));
    }
  }

  /**
   * Returns the costs of an architecture.
   *
   * @param config its sizes
   * @return the costs of one forward pass
   */
  public static RowCosts of(DecoderConfig config) {
    double attention = (double) config.heads() * config.headDim();
    double keysAndValues = 2.0 * config.kvHeads() * config.headDim();
    double mlp = (config.gatedMlp() ? 3.0 : 2.0) * config.intermediateSize();
    return new RowCosts(
        config.layers() * (double) config.hiddenSize() * (2 * attention + keysAndValues + mlp),
        config.layers() * (2 * attention + SOFTMAX * config.heads()),
        (long) Float.BYTES * config.layers() * config.heads());
  }

  /** The costs of a run over rows that are padded to the same length. */
  double run(int rows, int length) {
    return position * ((double) rows * length + POSITIONS_PER_RUN)
        + pair * rows * length * (double) length;
  }

  /** Bytes that a run over rows of a length keeps of attention. */
  double bytes(int rows, int length) {
    return (double) pairBytes * rows * length * length;
  }
}
