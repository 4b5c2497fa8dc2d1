package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.PreferenceRows;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.rlhf.loss.DpoLoss;
import org.alignment4j.rlhf.loss.PairLogProbs;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.BoundWeights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.AdamW;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.LabelLogProbs;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.ObjectiveGraph;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/** This library's preference step: packed rows, shared prompts, the head on answers only. */
final class EnginePreferenceContender implements Contender {

  private static final int TOKENS_PER_RUN = 2048;

  private final PreferenceCase which;
  private final ExecutorService pool;
  private final OrtRuntime runtime;
  private final DecoderEngine engine;
  private final BoundWeights reference;
  private @Nullable MatrixRate matrixRate;
  private final TrainingStep step;
  private final AdamW optimizer;
  private final List<List<PreferenceRows.Pair>> cached = new ArrayList<>();
  private int next;
  private double loss;

  private EnginePreferenceContender(PreferenceCase which) {
    this.which = which;
    GptShape shape = which.shape();
    Architecture architecture = shape.architecture();
    Weights weights = InitialWeights.create(architecture, 1);
    int threads = Runtime.getRuntime().availableProcessors();
    pool = Executors.newFixedThreadPool(threads, task -> new Thread(task, "training-step"));
    runtime = OrtRuntime.create(DevicePolicy.CPU, threads);
    engine = new DecoderEngine(runtime, architecture);
    reference = BoundWeights.of(runtime, weights);
    step =
        new TrainingStep(
            engine,
            Trainable.adapter(weights, architecture, Lora.rank(BenchmarkCase.LORA_RANK)),
            objective(),
            pool,
            threads);
    optimizer = new AdamW(AdamWConfig.defaults(), step.parameters(), pool, threads);
    if (which.cachedReference()) {
      which.pairs().forEach(pairs -> cached.add(withReference(pairs)));
    }
  }

  /** Serves rounds of the case that the arguments give. */
  public static void main(String[] args) throws IOException {
    RoundServer.serve(new EnginePreferenceContender(PreferenceCase.parse(args)));
  }

  private static Objective objective() {
    return new Objective() {
      @Override
      public Object key() {
        return "preference";
      }

      @Override
      public ObjectiveGraph build(Ops ops, Value labelLogProbs) {
        Dim rows = labelLogProbs.dim(0);
        Dim pairs = Dim.symbol("pairs");
        Value chosen = input(ops, PreferenceRows.CHOSEN_TOKENS, Shape.of(pairs, rows));
        Value rejected = input(ops, PreferenceRows.REJECTED_TOKENS, Shape.of(pairs, rows));
        Value column = ops.reshape(labelLogProbs, rows, Dim.of(1));
        PairLogProbs logProbs =
            new PairLogProbs(
                ops.reshape(ops.matMul(chosen, column), pairs),
                ops.reshape(ops.matMul(rejected, column), pairs),
                input(ops, PreferenceRows.REFERENCE_CHOSEN, Shape.of(pairs)),
                input(ops, PreferenceRows.REFERENCE_REJECTED, Shape.of(pairs)),
                ops.sum(chosen, 1),
                ops.sum(rejected, 1));
        Value losses = new DpoLoss(PreferenceCase.BETA, 0).losses(ops, logProbs);
        Value weights = input(ops, PreferenceRows.WEIGHTS, Shape.of(pairs));
        input(ops, PreferenceRows.PROBABILITIES, Shape.of(pairs));
        return new ObjectiveGraph(ops.sumAll(ops.mul(losses, weights)), Map.of());
      }
    };
  }

  private static Value input(Ops ops, String name, Shape shape) {
    return ops.graph().parameter(name, shape, false);
  }

  private List<PreferenceRows.Pair> withReference(List<PreferenceExample> examples) {
    List<PreferenceRows.Pair> pairs =
        examples.stream().map(e -> new PreferenceRows.Pair(e, 0, 0)).toList();
    double[][] sums = new double[2][pairs.size()];
    for (PreferenceRows.Batch batch : PreferenceRows.microBatches(pairs, plan(examples))) {
      float[] tokens = LabelLogProbs.of(engine, reference, batch.batch());
      int[] owners = batch.owners();
      for (int i = 0; i < tokens.length; i++) {
        sums[owners[i] % 2][batch.pairs().get(owners[i] / 2)] += tokens[i];
      }
    }
    List<PreferenceRows.Pair> scored = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      scored.add(new PreferenceRows.Pair(examples.get(i), sums[0][i], sums[1][i]));
    }
    return scored;
  }

  private static RowPlan plan(List<PreferenceExample> examples) {
    int longest = examples.stream().mapToInt(PreferenceExample::length).max().orElseThrow();
    return new RowPlan(longest, Math.max(1, TOKENS_PER_RUN / longest));
  }

  @Override
  public void forwardBackward() {
    int at = next++ % which.pairs().size();
    List<PreferenceExample> examples = which.pairs().get(at);
    List<PreferenceRows.Pair> pairs =
        which.cachedReference() ? cached.get(at) : withReference(examples);
    List<MicroBatch> batches =
        PreferenceRows.microBatches(pairs, plan(examples)).stream()
            .map(PreferenceRows.Batch::batch)
            .toList();
    loss = step.run(batches).loss();
  }

  @Override
  public void update() {
    optimizer.update(step.gradients(), 1, PreferenceCase.LEARNING_RATE, Double.POSITIVE_INFINITY);
  }

  @Override
  public double loss() {
    return loss;
  }

  @Override
  public double gradientNorm() {
    return EngineGradients.norm(step.gradients());
  }

  @Override
  public void gradients(GradientFiles.Sink sink) {
    EngineGradients.each(step.gradients(), sink);
  }

  @Override
  public String engine() {
    return EngineGradients.ENGINE;
  }

  @Override
  public double matrixRate() {
    if (matrixRate == null) {
      matrixRate = new MatrixRate(runtime, 512, which.shape().width());
    }
    return matrixRate.measure();
  }

  @Override
  public void close() {
    step.close();
    if (matrixRate != null) {
      matrixRate.close();
    }
    reference.close();
    engine.release();
    pool.shutdown();
  }
}
