package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Recomputation;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingNoise;
import org.alignment4j.runtime.train.TrainingStep;

/**
 * Measures the memory and the time of training steps, AdamW included, with and without
 * recomputation. One case a process, so that the peak of resident memory belongs to it. Arguments:
 *
 * <ol>
 *   <li>{@code S}, {@code M}, {@code M-LORA}; or {@code QWEN-ROWS} and {@code QWEN-SHARED}: a
 *       preference pair of two sequences, each in its own row or behind one prompt
 *   <li>{@code NONE} or {@code BLOCKS}
 *   <li>the number of rounds, at least 1
 *   <li>tokens of each of the two sequences, for the last two cases
 * </ol>
 */
public final class TrainingMemoryBenchmark {

  private static final double MILLIS = 1e6;
  private static final int PAIR_LENGTH = 1024;
  private static final int LORA_RANK = 16;

  /** What a case trains, and on what. */
  private record Case(
      Architecture architecture, Trainable trainable, Objective objective, List<MicroBatch> batch) {

    static Case of(String which, int length) {
      if (which.startsWith("QWEN")) {
        Architecture architecture = QwenPair.architecture();
        Weights weights = QwenPair.weights(architecture, 1);
        return new Case(
            architecture,
            Trainable.adapter(weights, architecture, Lora.rank(LORA_RANK)),
            QwenPair.objective(),
            new QwenPair(length, which.endsWith("SHARED")).batch(1));
      }
      GptShape shape = which.startsWith("M") ? GptShape.medium() : GptShape.small();
      Architecture architecture = shape.architecture();
      Weights weights = InitialWeights.create(architecture, 1);
      Trainable trainable =
          which.endsWith("LORA")
              ? Trainable.adapter(weights, architecture, Lora.rank(LORA_RANK))
              : Trainable.all(weights);
      return new Case(architecture, trainable, GptShape.objective(), shape.batch(1));
    }
  }

  private TrainingMemoryBenchmark() {}

  /**
   * Runs one case and prints a row of a Markdown table: case, recomputation, milliseconds of a step
   * (median and range; the first left out where there are others), the peak of resident memory in
   * MiB, and the loss of the last step.
   */
  public static void main(String[] args) throws IOException {
    String which = args.length > 0 ? args[0] : "S";
    Recomputation recomputation =
        args.length > 1 ? Recomputation.valueOf(args[1]) : Recomputation.NONE;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    Case measured = Case.of(which, args.length > 3 ? Integer.parseInt(args[3]) : PAIR_LENGTH);
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool =
        Executors.newFixedThreadPool(threads, task -> new Thread(task, "training-step"));
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU, threads);
    DecoderEngine engine = new DecoderEngine(runtime, measured.architecture());
    try (TrainingStep step =
        new TrainingStep(
            engine,
            measured.trainable(),
            measured.objective(),
            TrainingNoise.none(),
            recomputation,
            pool,
            threads)) {
      AdamW optimizer = new AdamW(AdamWConfig.defaults(), step.parameters(), pool, threads);
      double loss = Double.NaN;
      List<Double> millis = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        long start = System.nanoTime();
        loss = step.run(measured.batch()).loss();
        optimizer.update(step.gradients(), 1, 1e-5, 1);
        if (i > 0 || rounds == 1) {
          millis.add((System.nanoTime() - start) / MILLIS);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %d | %.6f |%n",
          which,
          recomputation,
          Spread.of(millis).text(0),
          PeakMemory.mebibytes(),
          loss);
    } finally {
      engine.release();
      pool.shutdown();
    }
  }
}
