package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.runtime.train.FlatLayout.Slot;

/**
 * Adafactor (Shazeer and Stern 2018, arXiv 1804.04235, algorithms 4 to 6). Of a matrix the running
 * mean of squared gradients is kept by rows and by columns only, {@code n + m} floats instead of
 * {@code n·m}; a tensor of more dimensions is a stack of matrices over its last two; vectors keep
 * the whole. With {@code β2 = 1 - t^-c}:
 *
 * <p>{@code R = β2·R + (1-β2)·mean_rows(g² + ε1); C = β2·C + (1-β2)·mean_columns(g² + ε1); u = g /
 * sqrt(R/mean(R)) / sqrt(C); u /= max(1, RMS(u)/d); α = rate·[min(10⁻², 1/√t)]·[max(ε2, RMS(p))]; p
 * -= α·λ·p; p -= α·u}; with momentum {@code m = β1·m + (1-β1)·α·u; p -= m}. The order is that of
 * transformers' {@code Adafactor}. RMS and the means of R are over the whole tensor and over each
 * matrix.
 *
 * <p>A tensor is one thread's work, the largest first; tensors beyond the number of threads make
 * the load even.
 */
final class Adafactor extends FlatOptimizer {
  private static final double GREATEST_RELATIVE_STEP = 1e-2;

  private final AdafactorConfig config;
  private final List<AdafactorTensor> inOrder = new ArrayList<>();
  private final List<AdafactorTensor> largestFirst;
  private final AdafactorScratch[] scratch;

  Adafactor(AdafactorConfig config, FlatParameters parameters, Executor executor, int threads) {
    super(parameters, executor, threads);
    this.config = config;
    int columns = 1;
    for (Slot slot : parameters.layout().slots()) {
      AdafactorTensor tensor = new AdafactorTensor(slot, config);
      inOrder.add(tensor);
      columns = Math.max(columns, tensor.columns());
    }
    this.largestFirst = new ArrayList<>(inOrder);
    largestFirst.sort(Comparator.comparingInt(t -> -t.slot().size()));
    this.scratch = new AdafactorScratch[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new AdafactorScratch(columns);
    }
  }

  @Override
  void apply(FlatParameters gradients, double scale, double learningRate, long step) {
    double rate =
        config.relativeStep()
            ? learningRate * Math.min(GREATEST_RELATIVE_STEP, 1 / Math.sqrt(step))
            : learningRate;
    AdafactorStep now =
        new AdafactorStep(config, rate, 1 - Math.pow(step, -config.decayRate()), (float) scale);
    AtomicInteger workers = new AtomicInteger();
    loop(largestFirst.size())
        .run(
            () -> {
              AdafactorScratch own = scratch[workers.getAndIncrement()];
              return i -> largestFirst.get(i).update(parameters(), gradients, now, own);
            });
  }

  @Override
  public List<StateTensor> state() {
    return inOrder.stream().flatMap(tensor -> tensor.state().stream()).toList();
  }
}
