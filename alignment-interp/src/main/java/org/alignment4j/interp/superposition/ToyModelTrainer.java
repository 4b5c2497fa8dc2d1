package org.alignment4j.interp.superposition;

import com.google.common.primitives.ImmutableDoubleArray;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.api.CancelledException;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.FlatLayout;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.ParallelLoop;
import org.alignment4j.runtime.train.TrainingContext;
import org.alignment4j.runtime.train.TrainingProgress;
import org.apiguardian.api.API;

/**
 * Trains toy models, one for each sparsity, side by side. The same options give the same models,
 * whatever the number of threads. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ToyModelTrainer {
  private static final String TASK = "toy models of superposition";

  private final TrainingContext context;

  /**
   * Creates a trainer.
   *
   * @param context its threads, who is told, and what asks to stop
   */
  public ToyModelTrainer(TrainingContext context) {
    this.context = context;
  }

  /**
   * Trains.
   *
   * @param options the models
   * @return one model for each sparsity, in order
   * @throws CancelledException when cancelled
   */
  public List<ToyModel> train(ToyModelOptions options) {
    int count = options.sparsities().length();
    List<Instance> instances = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      instances.add(new Instance(options, i));
    }
    TrainingProgress progress =
        new TrainingProgress(TASK, options.steps(), context.progress(), context.nanoClock());
    for (int step = 1; step <= options.steps(); step++) {
      context.cancellation().throwIfCancelled(TASK);
      double[] losses = new double[count];
      int number = step;
      new ParallelLoop(count, context.executor(), context.threads())
          .run(() -> i -> losses[i] = instances.get(i).step(number));
      Map<String, Double> values = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        values.put("loss/" + i, losses[i]);
      }
      progress.step(new Metrics(step, values));
    }
    return instances.stream().map(Instance::model).toList();
  }

  private static final class Instance {
    private static final String W = "W";
    private static final String B = "b";

    private final ToyModelOptions options;
    private final int index;
    private final double[] importance;
    private final FlatParameters parameters;
    private final FlatParameters gradients;
    private final Optimizer optimizer;
    private final double[] w;
    private final double[] b;

    Instance(ToyModelOptions options, int index) {
      this.options = options;
      this.index = index;
      this.importance = options.importance().toArray();
      Map<String, List<Integer>> shapes = new LinkedHashMap<>();
      shapes.put(W, List.of(options.hidden(), options.features()));
      shapes.put(B, List.of(options.features()));
      FlatLayout layout = FlatLayout.of(shapes);
      this.parameters = FlatParameters.zeros(layout);
      this.gradients = FlatParameters.zeros(layout);
      this.optimizer = AdamWConfig.defaults().create(parameters, Runnable::run, 1);
      this.w = new double[options.hidden() * options.features()];
      this.b = new double[options.features()];
      begin();
    }

    /**
     * Normal weights of the deviation that keeps the norm of a random input (Glorot and Bengio).
     */
    private void begin() {
      SplittableRandom random = new SplittableRandom(options.seed() * 1_000_003 + index);
      double deviation = Math.sqrt(2.0 / (options.features() + options.hidden()));
      FloatBuffer weights = parameters.slice(W);
      while (weights.hasRemaining()) {
        weights.put((float) (deviation * random.nextGaussian()));
      }
    }

    double step(int number) {
      read(parameters.slice(W), w);
      read(parameters.slice(B), b);
      int n = options.features();
      double[] x = new double[options.batch() * n];
      SplittableRandom random =
          new SplittableRandom((options.seed() * 1_000_003 + index) * 1_000_003 + number);
      double probability = 1 - options.sparsities().get(index);
      for (int row = 0; row < options.batch(); row++) {
        options.distribution().draw(x, row * n, n, probability, random);
      }
      double[] byWeights = new double[w.length];
      double[] byBias = new double[n];
      double loss = ToyModelLoss.add(x, w, b, importance, options.relu(), byWeights, byBias);
      write(byWeights, gradients.slice(W));
      write(byBias, gradients.slice(B));
      optimizer.update(gradients, 1, options.learningRate(), Double.POSITIVE_INFINITY);
      return loss;
    }

    ToyModel model() {
      read(parameters.slice(W), w);
      read(parameters.slice(B), b);
      return new ToyModel(
          options.features(),
          options.hidden(),
          options.relu(),
          ImmutableDoubleArray.copyOf(w),
          ImmutableDoubleArray.copyOf(b));
    }

    private static void read(FloatBuffer from, double[] to) {
      for (int i = 0; i < to.length; i++) {
        to[i] = from.get(i);
      }
    }

    private static void write(double[] from, FloatBuffer to) {
      for (int i = 0; i < from.length; i++) {
        to.put(i, (float) from[i]);
      }
    }
  }
}
