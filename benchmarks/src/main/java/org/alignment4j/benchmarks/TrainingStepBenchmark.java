package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;

/**
 * Times a training step: forward, backward and AdamW. One case a process, so that the peak of
 * resident memory belongs to it. Arguments: the case ({@code S}, {@code M}, {@code S-LORA} or
 * {@code M-LORA}) and the number of rounds.
 */
public final class TrainingStepBenchmark {

  private static final int WARM_UP = 2;
  private static final double MILLIS = 1e6;

  private TrainingStepBenchmark() {}

  /**
   * Runs one case and prints a row of a Markdown table: case, milliseconds of forward and backward,
   * of AdamW (medians and ranges), GFLOP/s of the step, GFLOP/s of one matrix product measured
   * between the steps, the step's rate in percent of that of its own products, peak resident memory
   * in MiB.
   */
  public static void main(String[] args) throws IOException {
    BenchmarkCase which = BenchmarkCase.parse(args.length > 0 ? args[0] : "S");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
    List<Double> forwardBackward = new ArrayList<>();
    List<Double> update = new ArrayList<>();
    List<Double> ceiling = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    try (Contender engine = EngineContender.of(which)) {
      for (int i = 0; i < WARM_UP + rounds; i++) {
        long t0 = System.nanoTime();
        engine.forwardBackward();
        long t1 = System.nanoTime();
        engine.update();
        long t2 = System.nanoTime();
        if (i >= WARM_UP) {
          forwardBackward.add((t1 - t0) / MILLIS);
          update.add((t2 - t1) / MILLIS);
          ceiling.add(engine.matrixRate());
        }
      }
    }
    long peak = PeakMemory.mebibytes();
    if (!which.lora()) {
      shares(which, forwardBackward, shares);
    }
    Spread step = Spread.of(forwardBackward);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %d |%n",
        which.name(),
        step.text(0),
        Spread.of(update).text(1),
        which.lora()
            ? "–"
            : String.format(Locale.ROOT, "%.0f", which.shape().gigaflop() / (step.median() / 1000)),
        Spread.of(ceiling).text(0),
        which.lora() ? "–" : Spread.of(shares).text(0) + " %",
        peak);
  }

  /**
   * The step's rate in percent of that of its own products, which are measured between further
   * steps, so that both suffer the same machine.
   */
  private static void shares(BenchmarkCase which, List<Double> steps, List<Double> shares) {
    int rounds = steps.size();
    try (Contender engine = EngineContender.of(which);
        StepProducts products =
            new StepProducts(OrtRuntime.create(DevicePolicy.CPU), which.shape())) {
      for (int i = -WARM_UP; i < rounds; i++) {
        long start = System.nanoTime();
        engine.forwardBackward();
        double rate = which.shape().gigaflop() / ((System.nanoTime() - start) * 1e-9);
        double own = products.measure();
        if (i >= 0) {
          shares.add(100 * rate / own);
        }
      }
    }
  }
}
