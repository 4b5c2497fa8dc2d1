package org.alignment4j.runtime.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import org.alignment4j.api.ModelExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A tensor over native memory that a graph can read or write in place. It keeps the buffer behind
 * it reachable; {@link #close} frees the handle, never the buffer. May be read by several threads
 * and runs at once, but not while one writes. A closed one is refused with {@link
 * IllegalStateException} wherever it is fed to a graph, bound or read.
 *
 * <p>Every way to make one throws {@link IllegalArgumentException} when the data is not a direct
 * buffer in native byte order or does not have as many elements as the shape, and {@link
 * ModelExecutionException} when ONNX Runtime refuses it.
 */
public final class Tensor implements AutoCloseable {

  private final OnnxTensor handle;
  private final long[] shape;

  private Tensor(OnnxTensor handle, long[] shape) {
    this.handle = handle;
    this.shape = shape.clone();
  }

  static Tensor owned(OnnxTensor handle) {
    return new Tensor(handle, handle.getInfo().getShape());
  }

  /** A float tensor over a direct buffer in native byte order, shared, not copied. */
  public static Tensor of(OrtRuntime runtime, FloatBuffer data, long... shape) {
    requireDirect(data.isDirect(), data.order(), data.remaining(), shape);
    return create(() -> OnnxTensor.createTensor(runtime.environment(), data, shape), shape);
  }

  /** An int64 tensor over a direct buffer in native byte order, shared, not copied. */
  public static Tensor of(OrtRuntime runtime, LongBuffer data, long... shape) {
    requireDirect(data.isDirect(), data.order(), data.remaining(), shape);
    return create(() -> OnnxTensor.createTensor(runtime.environment(), data, shape), shape);
  }

  /** An int32 tensor over a direct buffer in native byte order, shared, not copied. */
  public static Tensor of(OrtRuntime runtime, IntBuffer data, long... shape) {
    requireDirect(data.isDirect(), data.order(), data.remaining(), shape);
    return create(() -> OnnxTensor.createTensor(runtime.environment(), data, shape), shape);
  }

  /** A uint8 tensor over a direct buffer, shared, not copied. */
  public static Tensor ofBytes(OrtRuntime runtime, ByteBuffer data, long... shape) {
    requireDirect(data.isDirect(), ByteOrder.nativeOrder(), data.remaining(), shape);
    return create(
        () -> OnnxTensor.createTensor(runtime.environment(), data, shape, OnnxJavaType.UINT8),
        shape);
  }

  /** A boolean tensor, one byte an element, over a direct buffer, shared, not copied. */
  public static Tensor ofBooleans(OrtRuntime runtime, ByteBuffer data, long... shape) {
    requireDirect(data.isDirect(), ByteOrder.nativeOrder(), data.remaining(), shape);
    return create(
        () -> OnnxTensor.createTensor(runtime.environment(), data, shape, OnnxJavaType.BOOL),
        shape);
  }

  /** A float tensor holding a copy of an array. */
  public static Tensor copyOf(OrtRuntime runtime, float[] data, long... shape) {
    return of(runtime, NativeMemory.floats(data), shape);
  }

  /** A double tensor holding a copy of an array. */
  public static Tensor copyOf(OrtRuntime runtime, double[] data, long... shape) {
    DoubleBuffer buffer = NativeMemory.bytes(8L * data.length).asDoubleBuffer();
    buffer.put(data).flip();
    requireDirect(true, buffer.order(), buffer.remaining(), shape);
    return create(() -> OnnxTensor.createTensor(runtime.environment(), buffer, shape), shape);
  }

  /** An int64 tensor holding a copy of an array. */
  public static Tensor copyOf(OrtRuntime runtime, long[] data, long... shape) {
    return of(runtime, NativeMemory.longs(data), shape);
  }

  /** An int32 tensor holding a copy of an array. */
  public static Tensor copyOf(OrtRuntime runtime, int[] data, long... shape) {
    IntBuffer buffer = NativeMemory.bytes(4L * data.length).asIntBuffer();
    buffer.put(data).flip();
    return of(runtime, buffer, shape);
  }

  private interface Creation {
    OnnxTensor run() throws OrtException;
  }

  private static Tensor create(Creation creation, long[] shape) {
    try {
      return new Tensor(creation.run(), shape);
    } catch (OrtException e) {
      throw new ModelExecutionException(
          "could not create a tensor of shape " + Arrays.toString(shape), e);
    }
  }

  private static void requireDirect(boolean direct, ByteOrder order, int size, long[] shape) {
    if (!direct || order != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException("data must be a direct buffer in native byte order");
    }
    long expected = 1;
    for (long d : shape) {
      expected = Math.multiplyExact(expected, d);
    }
    if (expected != size) {
      throw new IllegalArgumentException(
          "data must hold "
              + expected
              + " elements for shape "
              + Arrays.toString(shape)
              + " but holds "
              + size);
    }
  }

  /** The dimensions. */
  public long[] shape() {
    return shape.clone();
  }

  /** Whether it is closed. */
  boolean isClosed() {
    return handle.isClosed();
  }

  /**
   * What ONNX Runtime is given, which would read freed memory through a closed one.
   *
   * @throws IllegalStateException if the tensor is closed
   */
  OnnxTensor handle() {
    if (isClosed()) {
      throw new IllegalStateException(
          "a tensor of shape "
              + Arrays.toString(shape)
              + " must be open to be used but is closed, and so is the model or training it belongs"
              + " to; use it before it is closed, or load it again");
    }
    return handle;
  }

  /**
   * A copy of a float tensor's elements on the heap.
   *
   * @throws IllegalStateException if the elements are of another type
   * @throws ModelExecutionException if they have more than 2³¹−1 bytes
   */
  public FloatBuffer floats() {
    requireOneBuffer();
    return ofType("float", handle().getFloatBuffer());
  }

  /**
   * A copy of a float tensor's elements in an array of their own.
   *
   * @throws IllegalStateException if the elements are of another type
   * @throws ModelExecutionException if they have more than 2³¹−1 bytes
   */
  public float[] array() {
    FloatBuffer elements = floats();
    if (elements.hasArray()
        && elements.arrayOffset() == 0
        && elements.array().length == elements.remaining()) {
      return elements.array();
    }
    float[] array = new float[elements.remaining()];
    elements.get(array);
    return array;
  }

  /**
   * A copy of a double tensor's elements on the heap.
   *
   * @throws IllegalStateException if the elements are of another type
   * @throws ModelExecutionException if they have more than 2³¹−1 bytes
   */
  public DoubleBuffer doubles() {
    requireOneBuffer();
    return ofType("double", handle().getDoubleBuffer());
  }

  /**
   * A copy of an int64 tensor's elements on the heap.
   *
   * @throws IllegalStateException if the elements are of another type
   * @throws ModelExecutionException if they have more than 2³¹−1 bytes
   */
  public LongBuffer longs() {
    requireOneBuffer();
    return ofType("int64", handle().getLongBuffer());
  }

  /** A copy of the elements of any type, in native byte order. */
  ByteBuffer bytes() {
    return handle().getByteBuffer();
  }

  private void requireOneBuffer() {
    long bytes = handle.getInfo().type.size;
    for (long d : shape) {
      bytes = Math.multiplyExact(bytes, d);
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new ModelExecutionException(
          "a tensor must have at most "
              + Integer.MAX_VALUE
              + " bytes to be read but one of shape "
              + Arrays.toString(shape)
              + " has "
              + bytes
              + "; use fewer or shorter sequences");
    }
  }

  private <B> B ofType(String wanted, @Nullable B elements) {
    if (elements == null) {
      throw new IllegalStateException(
          "elements of a tensor must be " + wanted + " to be read so but are " + handle.getInfo());
    }
    return elements;
  }

  @Override
  public void close() {
    handle.close();
  }
}
