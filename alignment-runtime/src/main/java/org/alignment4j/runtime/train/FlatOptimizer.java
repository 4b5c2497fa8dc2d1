package org.alignment4j.runtime.train;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What every optimiser of flat parameters does around its own rule: arguments, the global norm,
 * clipping ({@code maxNorm/(norm + 1e-6)}, at most 1, as {@code torch.nn.utils.clip_grad_norm_}),
 * and the count of steps.
 */
abstract class FlatOptimizer implements Optimizer {
  /** What {@code torch.nn.utils.clip_grad_norm_} adds to the norm. */
  private static final double CLIP_EPSILON = 1e-6;

  /** The rule of one block, whose parameters it changes. */
  @FunctionalInterface
  interface BlockUpdate {
    /**
     * Updates {@code p} in place; both arrays hold the floats of a buffer from {@code start} on.
     *
     * @param block running number of the block over all buffers
     */
    void update(int block, int buffer, int start, float[] p, float[] g, int length);
  }

  /** Memory of one thread, kept from step to step. */
  private static final class Scratch {
    final float[] p = new float[Blocks.SIZE];
    final float[] g = new float[Blocks.SIZE];
  }

  private final FlatParameters parameters;
  private final Executor executor;
  private final int threads;
  private final Blocks blocks;
  private final @Nullable Scratch[] scratch;
  private long steps;

  FlatOptimizer(FlatParameters parameters, Executor executor, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
    this.parameters = parameters;
    this.executor = executor;
    this.threads = threads;
    this.blocks = new Blocks(parameters.layout());
    this.scratch = new Scratch[threads];
  }

  /**
   * Makes one update.
   *
   * @param gradients finite, as they came
   * @param scale what to multiply them by first, clipping included
   * @param step number of this update, from 1
   */
  abstract void apply(FlatParameters gradients, double scale, double learningRate, long step);

  @Override
  public final Update update(
      FlatParameters gradients, double gradientScale, double learningRate, double maxNorm) {
    check(gradients, gradientScale, learningRate, maxNorm);
    AtomicInteger workers = new AtomicInteger();
    double norm =
        gradientScale
            * GradientNorm.of(
                gradients, blocks, executor, threads, () -> scratch(workers.getAndIncrement()).g);
    GradientNorm.checkFinite(norm, gradients, steps + 1);
    double clip = Math.min(1, maxNorm / (norm + CLIP_EPSILON));
    apply(gradients, gradientScale * clip, learningRate, steps + 1);
    steps++;
    return new Update(norm, clip);
  }

  private void check(
      FlatParameters gradients, double gradientScale, double learningRate, double maxNorm) {
    if (gradients.layout() != parameters.layout()) {
      throw new IllegalArgumentException("gradients must have the layout of the parameters");
    }
    Rules.positive("gradientScale", gradientScale);
    Rules.notNegative("learningRate", learningRate);
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException("maxNorm must be positive but was " + maxNorm);
    }
  }

  final FlatParameters parameters() {
    return parameters;
  }

  final Blocks blocks() {
    return blocks;
  }

  /** A loop on this optimiser's threads. */
  final ParallelLoop loop(int count) {
    return new ParallelLoop(count, executor, threads);
  }

  /** Reads each block's parameters and gradients, updates, and writes the parameters. */
  final void forEachBlock(FlatParameters gradients, BlockUpdate rule) {
    AtomicInteger workers = new AtomicInteger();
    blocks.forEach(
        executor,
        threads,
        () -> {
          Scratch own = scratch(workers.getAndIncrement());
          return (block, buffer, start, length) -> {
            parameters.buffer(buffer).get(start, own.p, 0, length);
            gradients.buffer(buffer).get(start, own.g, 0, length);
            rule.update(block, buffer, start, own.p, own.g, length);
            parameters.buffer(buffer).put(start, own.p, 0, length);
          };
        });
  }

  private Scratch scratch(int worker) {
    Scratch present = scratch[worker];
    if (present == null) {
      present = new Scratch();
      scratch[worker] = present;
    }
    return present;
  }

  @Override
  public final long steps() {
    return steps;
  }

  @Override
  public final void resumeAt(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("steps must not be negative but was " + steps);
    }
    this.steps = steps;
  }
}
