package org.alignment4j.benchmarks;

/**
 * One engine in a comparison of training steps; used by one thread. All contenders of a case train
 * the same weights on the same tokens in the same order.
 */
interface Contender extends AutoCloseable {

  /** Loss and gradients of the next batch. */
  void forwardBackward();

  /** One AdamW update with those gradients. */
  void update();

  /** The loss of the last {@link #forwardBackward}, so that contenders can be seen to agree. */
  double loss();

  /** The Euclidean norm of the gradients of the last {@link #forwardBackward}. */
  double gradientNorm();

  /** Every gradient of the last {@link #forwardBackward}, tensor by tensor. */
  void gradients(GradientFiles.Sink sink);

  /** What tables call the engine. */
  String engine();

  /** The engine's own best rate on the largest matrix product of a block, in GFLOP/s. */
  double matrixRate();

  @Override
  void close();
}
