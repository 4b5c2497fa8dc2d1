package org.alignment4j.runtime.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * The parameters of one model bound to an engine: what every run of it is fed. Thread-safe; {@link
 * #close} waits for calls in flight.
 */
public final class DecoderInstance {

  private final DecoderEngine engine;
  private final LoraInputs lora;
  private final Set<String> adapterInputs;
  private final Map<String, Tensor> owned;
  private final Map<String, Tensor> feeds;
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
  private boolean closed;

  private DecoderInstance(DecoderEngine engine, LoraInputs lora, Map<String, Tensor> owned) {
    this.engine = engine;
    this.lora = lora;
    this.adapterInputs = lora.names();
    this.owned = owned;
    Map<String, Tensor> all = new HashMap<>(engine.constants());
    all.putAll(owned);
    this.feeds = Map.copyOf(all);
  }

  /**
   * Binds parameters; nothing is copied.
   *
   * @param engine of the same architecture; gains a user until {@link #close}
   * @throws IllegalArgumentException if its quantised weights are not the engine's
   * @throws IllegalStateException if the engine has been freed
   */
  public static DecoderInstance bind(DecoderEngine engine, Weights weights, LoraInputs lora) {
    engine.retain();
    try {
      engine.requireFrozen(weights);
      return new DecoderInstance(engine, lora, tensors(engine.runtime(), weights, lora));
    } catch (RuntimeException e) {
      engine.release();
      throw e;
    }
  }

  private static Map<String, Tensor> tensors(OrtRuntime runtime, Weights weights, LoraInputs lora) {
    Map<String, Tensor> tensors = new HashMap<>(BoundWeights.of(runtime, weights).tensors());
    for (WeightTensor t : lora.tensors()) {
      tensors.put(t.name(), Tensor.of(runtime, t.data(), t.shape()));
    }
    return tensors;
  }

  /** The engine whose graphs this model runs on. */
  public DecoderEngine engine() {
    return engine;
  }

  /** What graphs of this model declare: its adapters as inputs, nothing trained. */
  public DecoderGraph.Training training() {
    return new DecoderGraph.Training(
        name -> false,
        lora.targets(),
        false,
        (weight, x) -> x,
        new DecoderGraph.Gains(lora.rescaled(), true));
  }

  /** The inputs that graphs of this model have for its adapters; part of every graph's key. */
  public Set<String> adapterInputs() {
    return adapterInputs;
  }

  /** The inputs of a run: parameters, constants, and the given ones. */
  public Map<String, Tensor> feeds(Map<String, Tensor> inputs) {
    Map<String, Tensor> all = new HashMap<>(feeds);
    all.putAll(inputs);
    return all;
  }

  /**
   * Makes a call during which the model stays open.
   *
   * @throws IllegalStateException if it is closed
   */
  public <T> T call(Supplier<T> work) {
    calls.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "the model must be open but is closed; load it again, or close it after its last use");
      }
      return work.get();
    } finally {
      calls.readLock().unlock();
    }
  }

  /**
   * Frees what is this model's alone once calls in flight have ended.
   *
   * @return false if it was closed already, so that nothing happened
   * @throws IllegalStateException if called from within a call of this model
   */
  @CanIgnoreReturnValue
  public boolean close() {
    if (calls.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "a model must not be closed from within its own call, such as a token listener");
    }
    calls.writeLock().lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      owned.values().forEach(Tensor::close);
      engine.release();
      return true;
    } finally {
      calls.writeLock().unlock();
    }
  }
}
