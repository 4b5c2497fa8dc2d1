package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Settings of AdamW whose moments are kept in 8 bits.
 *
 * @param adam betas, epsilon and decay
 * @param blockSize elements that share a scale, a power of two in [32, 65536]; 256 and 2048 are
 *     usual
 * @param smallestQuantised tensors of fewer elements keep moments of 32 bits, not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdamW8BitConfig(AdamWConfig adam, int blockSize, int smallestQuantised)
    implements OptimizerConfig {
  private static final int LEAST_BLOCK = 32;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public AdamW8BitConfig {
    Rules.check(
        blockSize >= LEAST_BLOCK && blockSize <= Blocks.SIZE && Integer.bitCount(blockSize) == 1,
        "blockSize",
        "a power of two in [32, 65536]",
        blockSize);
    Rules.notNegative("smallestQuantised", smallestQuantised);
  }

  /**
   * Returns AdamW in blocks of 256, with 32 bits for tensors of fewer than 4096 elements.
   *
   * @param adam betas, epsilon and decay
   * @return the settings
   */
  public static AdamW8BitConfig of(AdamWConfig adam) {
    return new AdamW8BitConfig(adam, 256, 4096);
  }

  @Override
  public Optimizer create(FlatParameters parameters, Executor executor, int threads) {
    return new AdamW8Bit(this, parameters, executor, threads);
  }
}
