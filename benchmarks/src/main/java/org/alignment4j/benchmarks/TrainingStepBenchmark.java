package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;

/**
 * Times a training step: forward, backward and AdamW. One case a process, so that the peak of
 * resident memory belongs to it. Arguments: {@code S}, {@code M} or {@code M-LORA}, and the number
 * of rounds.
 */
public final class TrainingStepBenchmark {

  private static final int WARM_UP = 2;
  private static final double MILLIS = 1e6;

  private TrainingStepBenchmark() {}

  /**
   * Runs one case and prints a row of a Markdown table: case, milliseconds of forward and backward,
   * of AdamW (medians and ranges), GFLOP/s of the step, GFLOP/s of one matrix product measured
   * between the steps, peak resident memory in MiB.
   */
  public static void main(String[] args) throws IOException {
    String which = args.length > 0 ? args[0] : "S";
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    GptShape shape = which.startsWith("M") ? GptShape.medium() : GptShape.small();
    Architecture architecture = shape.architecture();
    Weights weights = InitialWeights.create(architecture, 1);
    boolean lora = which.endsWith("LORA");
    Trainable trainable =
        lora ? Trainable.adapter(weights, architecture, Lora.rank(16)) : Trainable.all(weights);
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool =
        Executors.newFixedThreadPool(threads, task -> new Thread(task, "training-step"));
    OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU, threads);
    DecoderEngine engine = new DecoderEngine(runtime, architecture);
    try (MatrixRate matrixRate =
            new MatrixRate(runtime, shape.batch() * shape.seq(), shape.width());
        TrainingStep step =
            new TrainingStep(engine, trainable, GptShape.objective(), pool, threads)) {
      AdamW optimizer = new AdamW(AdamWConfig.defaults(), step.parameters(), pool, threads);
      List<MicroBatch> batch = shape.batch(1);
      List<Double> forwardBackward = new ArrayList<>();
      List<Double> update = new ArrayList<>();
      List<Double> ceiling = new ArrayList<>();
      for (int i = 0; i < WARM_UP + rounds; i++) {
        long t0 = System.nanoTime();
        step.run(batch);
        long t1 = System.nanoTime();
        optimizer.update(step.gradients(), 1, 1e-5, 1);
        long t2 = System.nanoTime();
        if (i >= WARM_UP) {
          forwardBackward.add((t1 - t0) / MILLIS);
          update.add((t2 - t1) / MILLIS);
          ceiling.add(matrixRate.measure());
        }
      }
      double median = median(forwardBackward);
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f (%.0f–%.0f) | %.1f (%.1f–%.1f) | %s | %.0f (%.0f–%.0f) | %d |%n",
          which,
          median,
          min(forwardBackward),
          max(forwardBackward),
          median(update),
          min(update),
          max(update),
          lora ? "–" : String.format(Locale.ROOT, "%.0f", shape.gigaflop() / (median / 1000)),
          median(ceiling),
          min(ceiling),
          max(ceiling),
          peakMebibytes());
    } finally {
      engine.release();
      pool.shutdown();
    }
  }

  private static double median(List<Double> values) {
    double[] v = sorted(values);
    return v.length % 2 == 1 ? v[v.length / 2] : (v[v.length / 2 - 1] + v[v.length / 2]) / 2;
  }

  private static double min(List<Double> values) {
    return sorted(values)[0];
  }

  private static double max(List<Double> values) {
    return sorted(values)[values.size() - 1];
  }

  private static double[] sorted(List<Double> values) {
    double[] v = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(v);
    return v;
  }

  private static long peakMebibytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return -1;
  }
}
