package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.RunResult;
import org.alignment4j.runtime.session.Tensor;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Losses and gradients of one objective over one model. Graphs read the trained parameters and
 * write their dense gradients in place; rows of embedding gradients are scattered afterwards.
 * Mutable and owned by one training run.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingStep implements AutoCloseable {

  private final DecoderEngine engine;
  private final DecoderEngine.Use use;
  private final Trainable trainable;
  private final double temperature;
  private final TrainingGraphs graphs;
  private final FlatParameters parameters;
  private final GradientAccumulator accumulator;
  private final NoiseSource noise;
  private final @Nullable AdversarySearch search;
  private final Map<String, Tensor> feeds = new HashMap<>();
  private final Map<FlatParameters, Map<String, Tensor>> pinned = new HashMap<>();

  /**
   * Compiles the objective without noise or recomputation and copies what is trained.
   *
   * @param engine graphs of the model's architecture; kept until this is closed
   * @param trainable the model and what of it is trained
   * @param objective what is minimised
   * @param executor runs the threads that sum gradients, besides the calling one
   * @param threads how many threads sum gradients, the calling one included; at least 1
   * @throws IllegalArgumentException when the loss depends on nothing that is trained
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public TrainingStep(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      Executor executor,
      int threads) {
    this(engine, trainable, objective, TrainingNoise.none(), executor, threads);
  }

  /**
   * Compiles the objective without recomputation and copies what is trained.
   *
   * @param engine graphs of the model's architecture; kept until this is closed
   * @param trainable the model and what of it is trained
   * @param objective what is minimised
   * @param noise dropout and noise on embeddings
   * @param executor runs the threads that sum gradients and draw noise, besides the calling one
   * @param threads how many threads do, the calling one included; at least 1
   * @throws IllegalArgumentException when the loss depends on nothing that is trained
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public TrainingStep(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      TrainingNoise noise,
      Executor executor,
      int threads) {
    this(engine, trainable, objective, noise, Recomputation.NONE, executor, threads);
  }

  /**
   * Compiles the objective and copies what is trained.
   *
   * @param engine graphs of the model's architecture; kept until this is closed
   * @param trainable the model and what of it is trained
   * @param objective what is minimised
   * @param noise dropout and noise on embeddings
   * @param recomputation what the backward pass computes again to save memory
   * @param executor runs the threads that sum gradients and draw noise, besides the calling one
   * @param threads how many threads do, the calling one included; at least 1
   * @throws IllegalArgumentException when the loss depends on nothing that is trained
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public TrainingStep(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      TrainingNoise noise,
      Recomputation recomputation,
      Executor executor,
      int threads) {
    this(engine, trainable, objective, noise, recomputation, Optional.empty(), executor, threads);
  }

  /**
   * Compiles the objective, and what an adversary climbs, and copies what is trained.
   *
   * @param engine graphs of the model's architecture; kept until this is closed
   * @param trainable the model and what of it is trained
   * @param objective what is minimised
   * @param noise dropout and noise on embeddings
   * @param recomputation what the backward pass computes again to save memory
   * @param adversary perturbs activations before each gradient; empty for none
   * @param executor runs the threads that sum gradients and draw noise, besides the calling one
   * @param threads how many threads do, the calling one included; at least 1
   * @throws IllegalArgumentException when the loss depends on nothing that is trained, or the model
   *     lacks a hook point that the adversary perturbs
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public TrainingStep(
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      TrainingNoise noise,
      Recomputation recomputation,
      Optional<LatentAdversary> adversary,
      Executor executor,
      int threads) {
    this.engine = engine;
    this.trainable = trainable;
    this.temperature = objective.temperature();
    DecoderConfig config = engine.architecture().config();
    List<String> hooks = adversary.map(a -> a.hooks(config)).orElse(List.of());
    this.use = engine.retain();
    try {
      this.search =
          adversary
              .map(
                  a ->
                      new AdversarySearch(
                          a,
                          config.hiddenSize(),
                          hooks,
                          attention ->
                              PerturbedLoss.of(
                                  engine, trainable, objective, noise.sites(), attention, hooks)))
              .orElse(null);
      this.graphs =
          new TrainingGraphs(
              attention ->
                  TrainingGraph.of(
                      engine,
                      trainable,
                      objective,
                      noise.sites(),
                      recomputation,
                      attention,
                      Set.copyOf(hooks)));
      this.parameters = trainable.toParameters();
      this.accumulator = new GradientAccumulator(parameters.layout(), executor, threads);
      this.noise =
          new NoiseSource(
              noise,
              engine.architecture(),
              trainable,
              graphs.masked().compiled().inputNames(),
              executor,
              threads);
      bind();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void bind() {
    OrtRuntime runtime = engine.runtime();
    slices(runtime, parameters, feeds);
    Set<String> trained = Set.copyOf(feeds.keySet());
    for (StoredTensor weight : trainable.base().stored()) {
      if (!trained.contains(weight.name())) {
        feeds.putAll(BoundWeights.bind(runtime, weight));
      }
    }
    if (trainable instanceof Trainable.Adapter adapter) {
      for (WeightTensor scale : adapter.start().scales()) {
        feeds.put(scale.name(), Tensor.of(runtime, scale.data(), scale.shape()));
      }
    }
  }

  private static void slices(OrtRuntime runtime, FlatParameters flat, Map<String, Tensor> tensors) {
    for (Slot slot : flat.layout().slots()) {
      long[] shape = slot.shape().stream().mapToLong(Integer::longValue).toArray();
      tensors.put(slot.name(), Tensor.of(runtime, flat.slice(slot.name()), shape));
    }
  }

  /**
   * What a step's micro-batches gave.
   *
   * @param loss the sum of their losses
   * @param metrics means over all elements, by name; under perturbations where there are any
   * @param tokens positions computed, padding included
   * @param adversary what an adversary did, summed over micro-batches, empty without one: {@code
   *     adversary/loss} with its perturbations, {@code adversary/start_loss} before its first step,
   *     {@code adversary/clean_loss} without, where that is learned from
   */
  public record Outcome(
      double loss, Map<String, Double> metrics, long tokens, Map<String, Double> adversary) {

    /**
     * What micro-batches gave without an adversary.
     *
     * @param loss the sum of their losses
     * @param metrics means over all elements, by name
     * @param tokens positions computed, padding included
     */
    public Outcome(double loss, Map<String, Double> metrics, long tokens) {
      this(loss, metrics, tokens, Map.of());
    }
  }

  /**
   * Computes the loss and its gradients, summed over micro-batches, in their order, with the noise
   * of the first update where there is any.
   *
   * @param batches at least one
   * @return what they gave; {@link #gradients()} holds the gradients
   * @throws org.alignment4j.api.ModelExecutionException when a graph fails
   */
  public Outcome run(List<MicroBatch> batches) {
    return run(batches, 1);
  }

  /**
   * Computes the loss and its gradients, summed over micro-batches, in their order.
   *
   * @param batches at least one
   * @param step number of the update, from 1, which decides its noise
   * @return what they gave; {@link #gradients()} holds the gradients
   * @throws org.alignment4j.api.ModelExecutionException when a graph fails
   */
  public Outcome run(List<MicroBatch> batches, long step) {
    return run(batches, step, (batch, name, values) -> {});
  }

  /**
   * Computes the loss and its gradients, summed over micro-batches, in their order.
   *
   * @param batches at least one
   * @param step number of the update, from 1, which decides its noise
   * @param measured hears every metric of every micro-batch
   * @return what they gave; {@link #gradients()} holds the gradients
   * @throws org.alignment4j.api.ModelExecutionException when a graph fails
   */
  public Outcome run(List<MicroBatch> batches, long step, MetricValues measured) {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("a step must have at least one micro-batch");
    }
    accumulator.reset();
    double loss = 0;
    long tokens = 0;
    Map<String, Mean> means = new LinkedHashMap<>();
    Map<String, Double> attacks = new LinkedHashMap<>();
    for (int i = 0; i < batches.size(); i++) {
      MicroBatch batch = batches.get(i);
      tokens += (long) batch.tokens().batch() * batch.tokens().seq();
      Map<String, Tensor> drawn = noise.draw(engine.runtime(), batch, step, i);
      int place = i;
      BiConsumer<String, FloatBuffer> heard =
          (name, values) -> {
            measured.values(place, name, values.duplicate());
            means.computeIfAbsent(name, n -> new Mean()).add(values);
          };
      try (MicroBatchFeeds fed = new MicroBatchFeeds(engine, batch)) {
        Map<String, Tensor> all = new HashMap<>(engine.constants());
        all.putAll(feeds);
        all.putAll(fed.tensors());
        all.putAll(drawn);
        loss +=
            search == null
                ? run(batch, all, heard, 1)
                : search.learn(
                    engine.runtime(),
                    batch.tokens(),
                    all,
                    new AdversarySearch.Place(step, i),
                    (inputs, weight, perturbed) ->
                        run(batch, inputs, perturbed ? heard : (name, values) -> {}, weight),
                    attacks);
      } finally {
        drawn.values().forEach(Tensor::close);
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    means.forEach((name, mean) -> metrics.put(name, mean.value()));
    return new Outcome(loss, metrics, tokens, attacks);
  }

  /** Adds a multiple of the gradients; returns the loss itself. */
  private double run(
      MicroBatch batch,
      Map<String, Tensor> all,
      BiConsumer<String, FloatBuffer> metrics,
      double weight) {
    FlatParameters target = accumulator.next();
    TrainingGraph graph = graphs.of(batch.tokens().attention());
    try (RunResult result = graph.compiled().run(all, outputs(target), graph.fetched())) {
      clearUnwritten(target);
      graph.rows().entrySet().forEach(row -> scatter(result, row, target));
      for (String name : graph.metrics()) {
        metrics.accept(name, result.get(TrainingGraph.metricOutput(name)).floats());
      }
      if (weight != 1) {
        target.scale(weight);
      }
      accumulator.add();
      return result.get(TrainingGraph.LOSS).floats().get(0);
    }
  }

  /**
   * Computes what the head gives with the parameters as they are, without noise and gradients, at
   * the objective's temperature.
   *
   * @param batch what to compute; inputs of the objective are ignored
   * @return log-probability of each label, {@code [rows]}, or the scores of a sequence classifier,
   *     {@code [rows · labels]}
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public float[] outputs(MicroBatch batch) {
    return outputs(batch, temperature);
  }

  /** The same at another temperature. */
  float[] outputs(MicroBatch batch, double divisor) {
    return LabelLogProbs.run(engine, adapted(), decomposed(), divisor, feeds, batch);
  }

  /** The likeliest tokens with the parameters as they are. */
  TopLogits top(MicroBatch batch, int count) {
    return TopLogits.of(engine, adapted(), decomposed(), feeds, count, batch);
  }

  private Set<String> adapted() {
    return trainable instanceof Trainable.Adapter adapter
        ? adapter.start().matrices().keySet()
        : Set.of();
  }

  private Set<String> decomposed() {
    return trainable instanceof Trainable.Adapter adapter ? adapter.start().decomposed() : Set.of();
  }

  DecoderEngine engine() {
    return engine;
  }

  private Map<String, Tensor> outputs(FlatParameters target) {
    return pinned.computeIfAbsent(
        target,
        flat -> {
          Map<String, Tensor> slices = new LinkedHashMap<>();
          slices(engine.runtime(), flat, slices);
          Map<String, Tensor> outputs = new LinkedHashMap<>();
          slices.forEach(
              (name, tensor) -> {
                if (graphs.masked().dense().contains(name)) {
                  outputs.put(TrainingGraph.denseOutput(name), tensor);
                } else {
                  tensor.close();
                }
              });
          return outputs;
        });
  }

  /** Parameters without a dense gradient keep what an earlier run left there. */
  private void clearUnwritten(FlatParameters target) {
    for (Slot slot : target.layout().slots()) {
      if (!graphs.masked().dense().contains(slot.name())) {
        FloatBuffer values = target.slice(slot.name());
        float[] zeros = new float[Math.min(slot.size(), Blocks.SIZE)];
        while (values.hasRemaining()) {
          values.put(zeros, 0, Math.min(zeros.length, values.remaining()));
        }
      }
    }
  }

  private static void scatter(
      RunResult result, Map.Entry<Integer, String> row, FlatParameters target) {
    LongBuffer ids = result.get(TrainingGraph.idsOutput(row)).longs();
    FloatBuffer rows = result.get(TrainingGraph.rowsOutput(row)).floats();
    FloatBuffer gradient = target.slice(row.getValue());
    int width = target.layout().slot(row.getValue()).shape().get(1);
    float[] addend = new float[width];
    float[] sum = new float[width];
    while (ids.hasRemaining()) {
      int start = Math.toIntExact(ids.get() * width);
      rows.get(addend);
      gradient.get(start, sum);
      for (int i = 0; i < width; i++) {
        sum[i] += addend[i];
      }
      gradient.put(start, sum);
    }
  }

  /** A running mean. */
  private static final class Mean {
    private double sum;
    private long count;

    void add(FloatBuffer values) {
      count += values.remaining();
      while (values.hasRemaining()) {
        sum += values.get();
      }
    }

    double value() {
      return sum / count;
    }
  }

  /**
   * Returns the trained parameters.
   *
   * @return where the graph reads them; an optimiser updates them in place
   */
  public FlatParameters parameters() {
    return parameters;
  }

  /**
   * Returns the gradients of the last step.
   *
   * @return in the layout of {@link #parameters()}
   * @throws IllegalStateException before the first step
   */
  public FlatParameters gradients() {
    return accumulator.sum();
  }

  /**
   * Releases the engine and the native handles; parameters already taken stay valid. Again does
   * nothing.
   */
  @Override
  public void close() {
    feeds.values().forEach(Tensor::close);
    pinned.values().forEach(outputs -> outputs.values().forEach(Tensor::close));
    feeds.clear();
    pinned.clear();
    use.close();
  }
}
