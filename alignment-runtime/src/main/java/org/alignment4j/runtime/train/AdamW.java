package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apiguardian.api.API;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), step by step as
 * {@code torch.optim.AdamW} in float32: {@code p -= lr·λ·p; m = β1·m + (1-β1)·g; v = β2·v +
 * (1-β2)·g²; p -= lr/(1-β1^t) · m / (sqrt(v)/sqrt(1-β2^t) + ε)}. Scaling, clipping ({@code
 * maxNorm/(norm + 1e-6)}, at most 1) and decay happen in one pass over blocks of 64 Ki floats; the
 * moments lie on the heap, 8 bytes per parameter. Mutable and owned by one training run: one update
 * at a time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AdamW extends FlatOptimizer {
  private final AdamWConfig config;
  private final BlockFloats firstMoments;
  private final BlockFloats secondMoments;
  private final DecaySpans decaySpans;

  /**
   * Creates an optimiser with zero moments.
   *
   * @param config settings
   * @param parameters what is updated, in place
   * @param executor runs the threads besides the calling one
   * @param threads how many threads take part, the calling one included; at least 1
   * @throws IllegalArgumentException when there is no thread
   */
  public AdamW(AdamWConfig config, FlatParameters parameters, Executor executor, int threads) {
    super(parameters, executor, threads);
    this.config = config;
    this.firstMoments = new BlockFloats(blocks());
    this.secondMoments = new BlockFloats(blocks());
    this.decaySpans = new DecaySpans(parameters.layout(), config.decayed()::includes);
  }

  @Override
  void apply(FlatParameters gradients, double scale, double learningRate, long step) {
    AdamWStep now = new AdamWStep(config, step, learningRate, scale);
    forEachBlock(
        gradients,
        (block, buffer, start, p, g, length) -> {
          decaySpans.decay(buffer, start, p, length, now.decay);
          now.update(p, g, firstMoments.of(block), secondMoments.of(block), length);
        });
  }

  @Override
  public List<StateTensor> state() {
    List<StateTensor> state = new ArrayList<>();
    for (int buffer = 0; buffer < parameters().layout().buffers(); buffer++) {
      state.add(firstMoments.state("exp_avg", buffer));
      state.add(secondMoments.state("exp_avg_sq", buffer));
    }
    return state;
  }
}
