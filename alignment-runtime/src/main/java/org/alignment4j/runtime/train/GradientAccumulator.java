package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Sums the gradients of micro-batches. When each micro-batch's loss is a sum over tokens, {@code
 * add(gradients, 1, tokens)} and an update with {@link #scale()} give the gradient of the mean over
 * all tokens of the batch, whatever the sizes of the micro-batches. Owned by one training run.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class GradientAccumulator {
  private final FlatParameters sum;
  private final Blocks blocks;
  private final Executor executor;
  private final int threads;
  private double weight;
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
   * Adds the gradients of a micro-batch.
   *
   * @param gradients in the layout of this accumulator; left as they are
   * @param factor multiplies them
   * @param weight what the micro-batch counts for, such as its number of tokens; not negative
   */
  public void add(FlatParameters gradients, double factor, double weight) {
    if (gradients.layout() != sum.layout()) {
      throw new IllegalArgumentException("gradients must have the layout of the accumulator");
    }
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "weight must be finite and not negative but was " + weight);
    }
    float f = (float) factor;
    boolean first = empty;
    blocks.forEach(
        executor,
        threads,
        () -> {
          float[] s = new float[Blocks.SIZE];
          float[] g = new float[Blocks.SIZE];
          return (block, buffer, start, length) -> {
            FloatBuffer target = sum.buffer(buffer);
            gradients.buffer(buffer).get(start, g, 0, length);
            if (!first) {
              target.get(start, s, 0, length);
            }
            addScaled(s, g, f, first, length);
            target.put(start, s, 0, length);
          };
        });
    this.weight += weight;
    empty = false;
  }

  private static void addScaled(float[] s, float[] g, float factor, boolean first, int length) {
    if (first) {
      for (int i = 0; i < length; i++) {
        s[i] = g[i] * factor;
      }
    } else {
      for (int i = 0; i < length; i++) {
        s[i] += g[i] * factor;
      }
    }
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

  /**
   * Returns what turns the sum into the mean.
   *
   * @return one over the sum of the weights
   * @throws IllegalStateException when the weights sum to zero
   */
  public double scale() {
    if (weight == 0) {
      throw new IllegalStateException(
          "the weights added must sum to more than 0; no micro-batch had a trained token");
    }
    return 1 / weight;
  }

  /** Forgets everything added. */
  public void reset() {
    empty = true;
    weight = 0;
  }
}
