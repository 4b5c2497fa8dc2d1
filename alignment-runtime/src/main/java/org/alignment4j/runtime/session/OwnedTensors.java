package org.alignment4j.runtime.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tensors by input name that close together, so that none is lost when a later one cannot be made.
 * Used by one thread.
 */
public final class OwnedTensors implements AutoCloseable {

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * Makes tensors for a caller who closes them; when one cannot be made, those before it are
   * closed.
   *
   * @param making puts each as soon as it is made
   * @return the tensors by name, in their order
   */
  public static Map<String, Tensor> all(Consumer<OwnedTensors> making) {
    OwnedTensors made = new OwnedTensors();
    try {
      making.accept(made);
      return made.tensors;
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  /**
   * Takes tensors over.
   *
   * @param tensors by input name
   * @return their owner
   */
  public static OwnedTensors of(Map<String, Tensor> tensors) {
    OwnedTensors owned = new OwnedTensors();
    owned.putAll(tensors);
    return owned;
  }

  /**
   * Takes a tensor over.
   *
   * @param name its input
   * @param tensor closed with this; one that had the name is closed now
   */
  public void put(String name, Tensor tensor) {
    @Nullable Tensor replaced = tensors.put(name, tensor);
    if (replaced != null && replaced != tensor) {
      replaced.close();
    }
  }

  /**
   * Takes tensors over.
   *
   * @param more closed with this, by their inputs
   */
  public void putAll(Map<String, Tensor> more) {
    more.forEach(this::put);
  }

  /** The tensors by name; follows what is put later. */
  public Map<String, Tensor> asMap() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }
}
