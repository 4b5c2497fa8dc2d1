package org.alignment4j.benchmarks;

/** One engine in a comparison of training steps; used by one thread. */
interface Contender extends AutoCloseable {

  /** Loss and gradients of the batch. */
  void forwardBackward();

  /** One AdamW update with those gradients. */
  void update();

  /** The loss of the last {@link #forwardBackward}, so that contenders can be seen to agree. */
  double loss();

  /** The engine's own best rate on the largest matrix product of a block, in GFLOP/s. */
  double matrixRate();

  @Override
  void close();
}
