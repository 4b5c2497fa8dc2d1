package org.alignment4j.rlhf.data;

import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.apiguardian.api.API;

/**
 * What a run over tokens costs a decoder, from which {@link RolloutRows} chooses how answers lie in
 * runs: whether and how many of them share a copy of their prompt, at what price in comparisons of
 * tokens that do not see each other.
 *
 * @param position multiply-adds of the linear layers at a position, positive
 * @param pair those of attention for a pair of positions, positive; the work on its probability
 *     among them
 * @param pairBytes bytes of the probabilities that the backward pass keeps of a pair, positive
 * @param positionBytes bytes of blocks that it keeps of a position, positive
 * @param sharedPrefixes whether the decoder may run on {@link
 *     org.alignment4j.runtime.engine.PrefixBatch}; it must not with dropout of attention
 * @param sharedLength tokens, prompt included, up to which a sequence may share a copy of its
 *     prompt with others: where rotary frequencies depend on the length of a sequence, longer ones
 *     would turn shorter ones by theirs; positive
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RowCosts(
    double position,
    double pair,
    long pairBytes,
    long positionBytes,
    boolean sharedPrefixes,
    int sharedLength) {

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
    if (!(position > 0) || !(pair > 0) || pairBytes < 1 || positionBytes < 1 || sharedLength < 1) {
      throw new IllegalArgumentException(
          "costs must be positive but were %s, %s, %s, %s and %s"
              .formatted(position, pair, pairBytes, positionBytes, sharedLength));
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
        (long) Float.BYTES * config.layers() * config.heads(),
        (long) (Float.BYTES * config.layers() * kept(config)),
        true,
        config.positions() instanceof RotaryPositions rotary
            ? rotary.scaling().trainedLength().orElse(Integer.MAX_VALUE)
            : Integer.MAX_VALUE);
  }

  /**
   * Floats that a block keeps of a position: the residual stream and its normalisation twice, heads
   * as projected and as attended to, keys and values once more behind a shared prompt, and the MLP
   * before, in and after its activation.
   */
  private static double kept(DecoderConfig config) {
    double attention = (double) config.heads() * config.headDim();
    double keysAndValues = 2.0 * config.kvHeads() * config.headDim();
    return 4.0 * config.hiddenSize()
        + 4 * attention
        + 3 * keysAndValues
        + (config.gatedMlp() ? 4.0 : 3.0) * config.intermediateSize();
  }

  /**
   * Returns the costs of a decoder that reads rows under masks alone.
   *
   * @return the same costs without shared prefixes
   */
  public RowCosts inRows() {
    return new RowCosts(position, pair, pairBytes, positionBytes, false, sharedLength);
  }

  /** The costs of a run over rows that are padded to the same length. */
  double run(int rows, int length) {
    return of((double) rows * length, (double) rows * length * length);
  }

  /** The costs of a run over positions of which attention compares some pairs. */
  double of(double positions, double pairs) {
    return position * (positions + POSITIONS_PER_RUN) + pair * pairs;
  }

  /** Bytes that a run over rows of a length keeps of attention. */
  double bytes(int rows, int length) {
    return (double) pairBytes * rows * length * length;
  }
}
