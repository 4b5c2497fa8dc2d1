package org.alignment4j.runtime.train;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * Lion (Chen et al. 2023, arXiv 2302.06675, algorithm 2): {@code p -= lr·λ·p; p -= lr·sign(β1·m +
 * (1-β1)·g); m = β2·m + (1-β2)·g}, where the sign of 0 is 0. The momentum lies on the heap, 4 bytes
 * per parameter.
 */
final class Lion extends FlatOptimizer {
  /** Its square lifts the smallest float above 1. */
  private static final float BEYOND_ONE = 1e30f;

  private final LionConfig config;
  private final BlockFloats momentum;
  private final DecaySpans decaySpans;

  Lion(LionConfig config, FlatParameters parameters, Executor executor, int threads) {
    super(parameters, executor, threads);
    this.config = config;
    this.momentum = new BlockFloats(blocks());
    this.decaySpans = new DecaySpans(parameters.layout(), config.decayed()::includes);
  }

  @Override
  void apply(FlatParameters gradients, double scale, double learningRate, long step) {
    float factor = (float) scale;
    float rate = (float) learningRate;
    float decay = (float) (1 - learningRate * config.weightDecay());
    float beta1 = (float) config.beta1();
    float rest1 = (float) (1 - config.beta1());
    float beta2 = (float) config.beta2();
    float rest2 = (float) (1 - config.beta2());
    forEachBlock(
        gradients,
        (block, buffer, start, p, g, length) -> {
          decaySpans.decay(buffer, start, p, length, decay);
          float[] m = momentum.of(block);
          for (int i = 0; i < length; i++) {
            float gradient = g[i] * factor;
            p[i] -= rate * sign(beta1 * m[i] + rest1 * gradient);
            m[i] = beta2 * m[i] + rest2 * gradient;
          }
        });
  }

  /** As {@code Math.signum}, in operations that are done for several elements at once. */
  private static float sign(float x) {
    return Math.max(-1, Math.min(1, x * BEYOND_ONE * BEYOND_ONE));
  }

  @Override
  public List<StateTensor> state() {
    return IntStream.range(0, parameters().layout().buffers())
        .mapToObj(buffer -> momentum.state("exp_avg", buffer))
        .toList();
  }
}
