package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Sums the gradients of micro-batches. The first is written in place; memory for a second set is
 * taken only when there is one. Owned by one training run.
 */
final class GradientAccumulator {
  private final FlatParameters sum;
  private final Blocks blocks;
  private final Executor executor;
  private final int threads;
  private @Nullable FlatParameters addend;
  private boolean empty = true;

  /**
   * Creates an empty accumulator.
   *
   * @param layout the gradients' layout
   * @param executor runs the threads besides the calling one
   * @param threads how many threads take part, the calling one included; at least 1
   */
  public GradientAccumulator(FlatLayout layout, Executor executor, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
    this.sum = FlatParameters.zeros(layout);
    this.blocks = new Blocks(layout);
    this.executor = executor;
    this.threads = threads;
  }

  /**
   * Returns where the next micro-batch's gradients are to be written, all of them: what is there
   * has no meaning. {@link #add()} then adds them to the sum.
   *
   * @return gradients in the layout of this accumulator
   */
  public FlatParameters next() {
    if (empty) {
      return sum;
    }
    if (addend == null) {
      addend = FlatParameters.zeros(sum.layout());
    }
    return addend;
  }

  /** Adds what was written to {@link #next()}. */
  public void add() {
    FlatParameters gradients = next();
    if (empty) {
      empty = false;
      return;
    }
    blocks.forEach(
        executor,
        threads,
        () -> {
          float[] s = new float[Blocks.SIZE];
          float[] g = new float[Blocks.SIZE];
          return (block, buffer, start, length) -> {
            FloatBuffer target = sum.buffer(buffer);
            gradients.buffer(buffer).get(start, g, 0, length);
            target.get(start, s, 0, length);
            for (int i = 0; i < length; i++) {
              s[i] += g[i];
            }
            target.put(start, s, 0, length);
          };
        });
  }

  /**
   * Returns the sum so far.
   *
   * @return a view that later additions change
   * @throws IllegalStateException when nothing was added since the last reset
   */
  public FlatParameters sum() {
    if (empty) {
      throw new IllegalStateException("at least one micro-batch must be added before the sum");
    }
    return sum;
  }

  /** Forgets everything added. */
  public void reset() {
    empty = true;
  }
}
