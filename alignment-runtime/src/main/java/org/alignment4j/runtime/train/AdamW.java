package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.alignment4j.runtime.train.FlatLayout.Slot;
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
public final class AdamW implements Optimizer {
  /** What {@code torch.nn.utils.clip_grad_norm_} adds to the norm. */
  private static final double CLIP_EPSILON = 1e-6;

  private final AdamWConfig config;
  private final FlatParameters parameters;
  private final Executor executor;
  private final int threads;
  private final Blocks blocks;
  private final float[][] firstMoments;
  private final float[][] secondMoments;
  private final DecaySpans decaySpans;
  private long steps;

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
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
    this.config = config;
    this.parameters = parameters;
    this.executor = executor;
    this.threads = threads;
    this.blocks = new Blocks(parameters.layout());
    this.firstMoments = new float[blocks.count()][];
    this.secondMoments = new float[blocks.count()][];
    for (int i = 0; i < blocks.count(); i++) {
      firstMoments[i] = new float[blocks.length(i)];
      secondMoments[i] = new float[blocks.length(i)];
    }
    this.decaySpans = new DecaySpans(parameters.layout(), this::decays);
  }

  private boolean decays(Slot slot) {
    return config.decayed() == AdamWConfig.Decayed.ALL || slot.shape().size() >= 2;
  }

  @Override
  public Update update(
      FlatParameters gradients, double gradientScale, double learningRate, double maxNorm) {
    check(gradients, gradientScale, learningRate, maxNorm);
    double norm = gradientScale * GradientNorm.of(gradients, blocks, executor, threads);
    GradientNorm.checkFinite(norm, gradients, steps + 1);
    double clip = Math.min(1, maxNorm / (norm + CLIP_EPSILON));
    long step = steps + 1;
    Coefficients c = new Coefficients(config, step, learningRate, gradientScale * clip);
    blocks.forEach(
        executor,
        threads,
        () -> {
          float[] p = new float[Blocks.SIZE];
          float[] g = new float[Blocks.SIZE];
          return (block, buffer, start, length) -> {
            FloatBuffer target = parameters.buffer(buffer);
            target.get(start, p, 0, length);
            gradients.buffer(buffer).get(start, g, 0, length);
            decaySpans.decay(buffer, start, p, length, c.decay);
            c.update(p, g, firstMoments[block], secondMoments[block], length);
            target.put(start, p, 0, length);
          };
        });
    steps = step;
    return new Update(norm, clip);
  }

  private void check(
      FlatParameters gradients, double gradientScale, double learningRate, double maxNorm) {
    if (gradients.layout() != parameters.layout()) {
      throw new IllegalArgumentException("gradients must have the layout of the parameters");
    }
    if (!(gradientScale > 0) || Double.isInfinite(gradientScale)) {
      throw new IllegalArgumentException(
          "gradientScale must be positive and finite but was " + gradientScale);
    }
    if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "learningRate must be finite and not negative but was " + learningRate);
    }
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException("maxNorm must be positive but was " + maxNorm);
    }
  }

  /** Numbers of one step; computed in double, used in float32 as PyTorch does. */
  private static final class Coefficients {
    final float decay;
    private final float scale;
    private final float beta1;
    private final float oneMinusBeta1;
    private final float beta2;
    private final float oneMinusBeta2;
    private final float rootCorrection2;
    private final float epsilon;
    private final float stepSize;

    Coefficients(AdamWConfig config, long step, double learningRate, double scale) {
      this.decay = (float) (1 - learningRate * config.weightDecay());
      this.scale = (float) scale;
      this.beta1 = (float) config.beta1();
      this.oneMinusBeta1 = (float) (1 - config.beta1());
      this.beta2 = (float) config.beta2();
      this.oneMinusBeta2 = (float) (1 - config.beta2());
      this.rootCorrection2 = (float) Math.sqrt(1 - Math.pow(config.beta2(), step));
      this.epsilon = (float) config.epsilon();
      this.stepSize = (float) (learningRate / (1 - Math.pow(config.beta1(), step)));
    }

    void update(float[] p, float[] g, float[] m, float[] v, int length) {
      for (int i = 0; i < length; i++) {
        float gradient = g[i] * scale;
        float first = m[i] * beta1 + gradient * oneMinusBeta1;
        float second = v[i] * beta2 + gradient * gradient * oneMinusBeta2;
        float root = (float) Math.sqrt(second) / rootCorrection2 + epsilon;
        m[i] = first;
        v[i] = second;
        p[i] -= stepSize * first / root;
      }
    }
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public void resumeAt(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("steps must not be negative but was " + steps);
    }
    this.steps = steps;
  }

  @Override
  public List<StateTensor> state() {
    List<StateTensor> state = new ArrayList<>();
    for (int buffer = 0; buffer < parameters.layout().buffers(); buffer++) {
      state.add(new StateTensor("exp_avg." + buffer, views(firstMoments, buffer)));
      state.add(new StateTensor("exp_avg_sq." + buffer, views(secondMoments, buffer)));
    }
    return state;
  }

  private List<FloatBuffer> views(float[][] moments, int buffer) {
    return Arrays.stream(moments, blocks.first(buffer), blocks.first(buffer + 1))
        .map(FloatBuffer::wrap)
        .toList();
  }
}
