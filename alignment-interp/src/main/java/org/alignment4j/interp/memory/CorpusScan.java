package org.alignment4j.interp.memory;

import com.google.common.collect.Iterables;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Shows a model's neurons over a corpus, which is read once and never held whole. Immutable and
 * thread-safe.
 *
 * @param batch sequences of one run, whose neurons of all observed layers are in memory together
 * @param listener told after every run
 * @param nanoClock nanoseconds since any fixed moment, for the listener
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CorpusScan(int batch, ProgressListener listener, LongSupplier nanoClock) {

  private static final double NANOS = 1e9;

  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public CorpusScan {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be positive but was " + batch);
    }
  }

  /** Nobody is told. */
  public CorpusScan(int batch) {
    this(batch, ProgressListener.none(), () -> 0);
  }

  /** Eight sequences a run; nobody is told. */
  public static CorpusScan defaults() {
    return new CorpusScan(8);
  }

  /**
   * Runs the model over the corpus.
   *
   * @param corpus sequences that the model can read, in order
   * @param observers who sees the neurons, by layer
   * @param cancellation asks to stop before the next batch
   * @return number of sequences read
   * @throws IllegalArgumentException if there is no observer, the model lacks a layer or its
   *     neurons, cannot read a sequence, or a neuron is not finite; batches before are then seen
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public long run(
      HookedModel model,
      Iterable<TokenIds> corpus,
      Map<Integer, ? extends NeuronObserver> observers,
      CancellationToken cancellation) {
    if (observers.isEmpty()) {
      throw new IllegalArgumentException("observers must be of at least one layer but were none");
    }
    Map<Integer, NeuronObserver> byLayer = new TreeMap<>(observers);
    HookPointSet<?> points =
        HookPoints.mlpPost(
            Layers.layers(byLayer.keySet().stream().mapToInt(Integer::intValue).toArray()));
    int last = byLayer.keySet().stream().max(Integer::compare).orElseThrow();
    long read = 0;
    long start = nanoClock.getAsLong();
    for (List<TokenIds> part : Iterables.partition(corpus, batch)) {
      cancellation.throwIfCancelled("the scan of a corpus");
      ForwardRun run = model.forward(part).cache(points);
      if (last + 1 < model.layerCount()) {
        run = run.stopAtLayer(last + 1);
      }
      ActivationCache cache = run.execute(cancellation).cache();
      for (Map.Entry<Integer, NeuronObserver> entry : byLayer.entrySet()) {
        show(cache, entry.getKey(), part, read, entry.getValue());
      }
      read += part.size();
      tell(read, nanoClock.getAsLong() - start);
    }
    return read;
  }

  private void tell(long read, long elapsed) {
    listener.onProgress(
        new Progress(
            "corpus scan",
            read,
            OptionalLong.empty(),
            "sequences",
            Duration.ofNanos(elapsed),
            elapsed > 0 ? read * NANOS / elapsed : 0,
            Map.of()));
  }

  private static void show(
      ActivationCache cache, int layer, List<TokenIds> part, long first, NeuronObserver observer) {
    HookPoint<?> point = HookPoints.mlpPost(layer);
    Values values = cache.values(point);
    int[] shape = values.shape();
    float[] data = values.toArray();
    for (int row = 0; row < part.size(); row++) {
      TokenIds tokens = part.get(row);
      for (int position = 0; position < tokens.size(); position++) {
        int from = (row * shape[1] + position) * shape[2];
        float[] neurons = Arrays.copyOfRange(data, from, from + shape[2]);
        FiniteNeurons.require("activations at " + point, first + row, position, neurons);
        observer.observe(first + row, tokens, position, neurons);
      }
    }
  }
}
