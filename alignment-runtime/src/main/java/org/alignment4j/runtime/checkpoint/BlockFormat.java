package org.alignment4j.runtime.checkpoint;

import java.util.Set;

/**
 * How a linear weight is kept in few bits and multiplied. Each output's weights are cut into blocks
 * along the input; the last block may be shorter. A block of values {@code w} has one float32 scale
 * {@code s} and levels {@code q}, and stands for {@code s·(q − z)} with {@code z = 2^(bits−1)}, so
 * that zero is exact.
 *
 * <p>With {@code m} the value of greatest magnitude (the first of equals), {@code s = −m/z}, so
 * that {@code m} takes the level 0, unless a value of the other sign would round to {@code +z},
 * which there is no level for; then {@code s = |m|/(z − 1)}. The levels are {@code q = z +
 * round(w/s)}, halves to even, computed in double from the rounded {@code s}. So {@code |w − s·(q −
 * z)| ≤ |s|/2}. A block whose scale would be smaller than the least normal float has scale 0.
 *
 * @param bits of a level, 4 or 8
 * @param blockSize values that share a scale: 32, 64 or 128
 * @param activations what they are multiplied with
 */
public record BlockFormat(int bits, int blockSize, Activations activations) {

  private static final Set<Integer> SIZES = Set.of(32, 64, 128);

  /** In which form a quantised weight's input takes part in its product. */
  public enum Activations {
    /** As it is: the product is that of the dequantised weight in float32. */
    FLOAT32,
    /**
     * Rounded to 8 bits in blocks of the same size, where a model generates and scores: faster, and
     * an error of about half a percent of a product's magnitude more.
     */
    INT8
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if bits or block size are others
   */
  public BlockFormat {
    if (bits != 4 && bits != 8) {
      throw new IllegalArgumentException("bits must be 4 or 8 but was " + bits);
    }
    if (!SIZES.contains(blockSize)) {
      throw new IllegalArgumentException("block size must be 32, 64 or 128 but was " + blockSize);
    }
  }

  /** The level of zero, {@code 2^(bits−1)}. */
  public int zero() {
    return 1 << (bits - 1);
  }

  /** Bytes of a block's levels. */
  public int blockBytes() {
    return blockSize * bits / 8;
  }

  /** Blocks of an output with so many inputs. */
  public long blocks(long in) {
    return (in + blockSize - 1) / blockSize;
  }
}
