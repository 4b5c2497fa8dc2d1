package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.train.AdamW;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/** This library's training step. */
final class EngineContender implements Contender {

  private static final double LEARNING_RATE = 1e-5;

  private final ExecutorService pool;
  private final OrtRuntime runtime;
  private final GptShape shape;
  private final DecoderEngine engine;
  private @Nullable MatrixRate matrixRate;
  private final TrainingStep step;
  private final AdamW optimizer;
  private final List<MicroBatch> batch;
  private double loss;

  private EngineContender(BenchmarkCase which) {
    shape = which.shape();
    Architecture architecture = shape.architecture();
    Weights weights = InitialWeights.create(architecture, 1);
    Trainable trainable =
        which.lora()
            ? Trainable.adapter(weights, architecture, Lora.rank(BenchmarkCase.LORA_RANK))
            : Trainable.all(weights);
    int threads = Runtime.getRuntime().availableProcessors();
    pool = Executors.newFixedThreadPool(threads, task -> new Thread(task, "training-step"));
    runtime = OrtRuntime.create(DevicePolicy.CPU, threads);
    engine = new DecoderEngine(runtime, architecture);
    step = new TrainingStep(engine, trainable, GptShape.objective(), pool, threads);
    optimizer = new AdamW(AdamWConfig.defaults(), step.parameters(), pool, threads);
    batch = shape.batch(1);
  }

  static EngineContender of(BenchmarkCase which) {
    return new EngineContender(which);
  }

  /** Serves rounds of the case named by the first argument. */
  public static void main(String[] args) throws IOException {
    RoundServer.serve(of(BenchmarkCase.parse(args[0])));
  }

  @Override
  public void forwardBackward() {
    loss = step.run(batch).loss();
  }

  @Override
  public void update() {
    optimizer.update(step.gradients(), 1, LEARNING_RATE, Double.POSITIVE_INFINITY);
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
      matrixRate = new MatrixRate(runtime, shape.batch() * shape.seq(), shape.width());
    }
    return matrixRate.measure();
  }

  @Override
  public void close() {
    step.close();
    if (matrixRate != null) {
      matrixRate.close();
    }
    engine.release();
    pool.shutdown();
  }
}
