package org.alignment4j.runtime.train;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent with momentum (Sutskever et al. 2013, equations 1 to 4), in the form
 * of {@code torch.optim.SGD}, where the learning rate multiplies the momentum: {@code g += λ·p; b =
 * μ·b + (1-τ)·g, at the first step b = g; p -= lr·(g + μ·b)} with Nesterov's step, {@code p -=
 * lr·b} without. The momentum lies on the heap, 4 bytes per parameter; without it there is no
 * state.
 */
final class Sgd extends FlatOptimizer {
  private final SgdConfig config;
  private final @Nullable BlockFloats momentum;
  private final DecaySpans decaySpans;

  Sgd(SgdConfig config, FlatParameters parameters, Executor executor, int threads) {
    super(parameters, executor, threads);
    this.config = config;
    this.momentum = config.momentum() == 0 ? null : new BlockFloats(blocks());
    this.decaySpans = new DecaySpans(parameters.layout(), config.decayed()::includes);
  }

  @Override
  void apply(FlatParameters gradients, double scale, double learningRate, long step) {
    float factor = (float) scale;
    float rate = (float) learningRate;
    float decay = (float) config.weightDecay();
    float mu = (float) config.momentum();
    float entering = step == 1 ? 1 : (float) (1 - config.dampening());
    BlockFloats kept = momentum;
    forEachBlock(
        gradients,
        (block, buffer, start, p, g, length) -> {
          for (int i = 0; i < length; i++) {
            g[i] *= factor;
          }
          decaySpans.penalise(buffer, start, p, g, length, decay);
          if (kept == null) {
            descend(p, g, length, rate);
          } else if (config.nesterov()) {
            lookAhead(p, g, kept.of(block), length, mu, rate);
          } else {
            roll(p, g, kept.of(block), length, mu, entering, rate);
          }
        });
  }

  private static void descend(float[] p, float[] g, int length, float rate) {
    for (int i = 0; i < length; i++) {
      p[i] -= rate * g[i];
    }
  }

  private static void roll(
      float[] p, float[] g, float[] b, int length, float mu, float entering, float rate) {
    for (int i = 0; i < length; i++) {
      float next = mu * b[i] + entering * g[i];
      b[i] = next;
      p[i] -= rate * next;
    }
  }

  private static void lookAhead(float[] p, float[] g, float[] b, int length, float mu, float rate) {
    for (int i = 0; i < length; i++) {
      float next = mu * b[i] + g[i];
      b[i] = next;
      p[i] -= rate * (g[i] + mu * next);
    }
  }

  @Override
  public List<StateTensor> state() {
    BlockFloats kept = momentum;
    return kept == null
        ? List.of()
        : IntStream.range(0, parameters().layout().buffers())
            .mapToObj(buffer -> kept.state("momentum_buffer", buffer))
            .toList();
  }
}
