package org.alignment4j.runtime.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.apiguardian.api.API;

/**
 * Floats of every trained tensor in flat direct buffers: parameters, or their gradients in the same
 * layout. Slices are views, so graphs read and write them without a copy. Padding is zero and stays
 * zero. Mutable; one thread at a time writes.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FlatParameters {
  private static final int CACHE_LINE = FlatLayout.ALIGNMENT * Float.BYTES;

  private final FlatLayout layout;
  private final FloatBuffer[] buffers;

  private FlatParameters(FlatLayout layout, FloatBuffer[] buffers) {
    this.layout = layout;
    this.buffers = buffers;
  }

  /**
   * Allocates zeros.
   *
   * @param layout where each tensor lies
   * @return parameters, all zero
   * @throws AlignmentException when the native memory is not available
   */
  public static FlatParameters zeros(FlatLayout layout) {
    FloatBuffer[] buffers = new FloatBuffer[layout.buffers()];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = allocate(layout.bufferSize(i));
    }
    return new FlatParameters(layout, buffers);
  }

  /** Zeros in native memory, beginning at a cache line. */
  static FloatBuffer allocate(int floats) {
    int bytes = floats * Float.BYTES;
    int wholeLines = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    try {
      return ByteBuffer.allocateDirect(wholeLines + CACHE_LINE)
          .alignedSlice(CACHE_LINE)
          .limit(bytes)
          .slice()
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    } catch (OutOfMemoryError e) {
      throw unavailable(bytes, e);
    }
  }

  static AlignmentException unavailable(int bytes, OutOfMemoryError cause) {
    return new AlignmentException(
        "a tensor needs "
            + bytes
            + " bytes of native memory that are not available; raise -XX:MaxDirectMemorySize, or"
            + " train less: an adapter in place of every weight, a lower rank in place of a high"
            + " one",
        cause);
  }

  /**
   * Copies tensors into their places.
   *
   * @param layout where each tensor lies
   * @param tensors values by name; others than those of the layout are ignored
   * @return parameters that share no memory with {@code tensors}
   * @throws IllegalArgumentException when a tensor is missing or has another number of elements
   * @throws AlignmentException when the native memory is not available
   */
  public static FlatParameters copyOf(FlatLayout layout, Map<String, WeightTensor> tensors) {
    FlatParameters parameters = zeros(layout);
    for (Slot slot : layout.slots()) {
      WeightTensor tensor = tensors.get(slot.name());
      if (tensor == null) {
        throw new IllegalArgumentException("tensors must contain " + slot.name());
      }
      if (tensor.size() != slot.size()) {
        throw new IllegalArgumentException(
            slot.name() + " must have " + slot.size() + " elements but has " + tensor.size());
      }
      parameters.slice(slot.name()).put(tensor.data());
    }
    return parameters;
  }

  /**
   * Copies a model's tensors into their places.
   *
   * @param layout where each tensor lies
   * @param weights values by name; others than those of the layout are ignored
   * @return parameters that share no memory with {@code weights}
   * @throws IllegalArgumentException when a tensor has another number of elements
   * @throws org.alignment4j.api.CheckpointException when a tensor is missing
   * @throws AlignmentException when the native memory is not available
   */
  public static FlatParameters copyOf(FlatLayout layout, Weights weights) {
    Map<String, WeightTensor> tensors = new HashMap<>();
    layout.slots().forEach(slot -> tensors.put(slot.name(), weights.get(slot.name())));
    return copyOf(layout, tensors);
  }

  /**
   * Returns where each tensor lies.
   *
   * @return the layout
   */
  public FlatLayout layout() {
    return layout;
  }

  /**
   * Returns a view of one flat buffer.
   *
   * @param index its index
   * @return a direct buffer in native order, position 0
   */
  public FloatBuffer buffer(int index) {
    return buffers[index].duplicate();
  }

  /**
   * Returns a view of one tensor.
   *
   * @param name its name
   * @return a direct buffer in native order from position 0 to the tensor's size
   * @throws IllegalArgumentException when there is no such tensor
   */
  public FloatBuffer slice(String name) {
    Slot slot = layout.slot(name);
    return buffers[slot.buffer()].slice(slot.offset(), slot.size());
  }

  /**
   * Returns an independent copy of one tensor.
   *
   * @param name its name
   * @return the tensor as it is now
   * @throws IllegalArgumentException when there is no such tensor
   * @throws AlignmentException when the native memory is not available
   */
  public WeightTensor snapshot(String name) {
    Slot slot = layout.slot(name);
    FloatBuffer copy = allocate(slot.size());
    copy.put(slice(name)).flip();
    long[] shape = slot.shape().stream().mapToLong(Integer::longValue).toArray();
    return new WeightTensor(name, shape, copy);
  }

  /** Multiplies everything. */
  void scale(double factor) {
    for (FloatBuffer buffer : buffers) {
      for (int i = 0; i < buffer.limit(); i++) {
        buffer.put(i, (float) (buffer.get(i) * factor));
      }
    }
  }

  /** Sets everything to zero. */
  public void clear() {
    float[] zeros = new float[Blocks.SIZE];
    for (FloatBuffer buffer : buffers) {
      FloatBuffer target = buffer.duplicate();
      while (target.hasRemaining()) {
        target.put(zeros, 0, Math.min(zeros.length, target.remaining()));
      }
    }
  }
}
