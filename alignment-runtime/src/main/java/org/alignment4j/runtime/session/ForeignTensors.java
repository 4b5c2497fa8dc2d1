package org.alignment4j.runtime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.alignment4j.api.ModelExecutionException;

/** Tensors of the element types that models made elsewhere ask for. */
public final class ForeignTensors {

  private ForeignTensors() {}

  /**
   * Whole numbers.
   *
   * @param runtime where it is used
   * @param element INT64 or INT32
   * @param data the elements, row major
   * @param shape its sizes
   * @return the tensor, which the caller closes
   * @throws IllegalArgumentException for another element
   */
  public static Tensor integers(OrtRuntime runtime, Element element, long[] data, long... shape) {
    return switch (element) {
      case INT64 -> Tensor.copyOf(runtime, data, shape);
      case INT32 ->
          Tensor.copyOf(runtime, Arrays.stream(data).mapToInt(Math::toIntExact).toArray(), shape);
      default ->
          throw new IllegalArgumentException("element must be INT64 or INT32 but was " + element);
    };
  }

  /**
   * Zeros.
   *
   * @param runtime where it is used
   * @param element any but OTHER
   * @param shape its sizes; one may be 0
   * @return the tensor, which the caller closes
   * @throws ModelExecutionException if native memory fails
   */
  public static Tensor zeros(OrtRuntime runtime, Element element, long... shape) {
    long bytes = element.bytes();
    for (long d : shape) {
      bytes = Math.multiplyExact(bytes, d);
    }
    return of(runtime, NativeMemory.bytes(bytes), element, shape);
  }

  /**
   * A truth value as a vector of one.
   *
   * @param runtime where it is used
   * @param value the value
   * @return the tensor, which the caller closes
   */
  public static Tensor flag(OrtRuntime runtime, boolean value) {
    return Tensor.ofBooleans(runtime, NativeMemory.bytes(1).put(0, (byte) (value ? 1 : 0)), 1);
  }

  /**
   * Some rows of a tensor, in a new order.
   *
   * @param runtime where it is used
   * @param tensor of any element type but OTHER
   * @param rows places along the first axis
   * @return a copy, which the caller closes
   * @throws ModelExecutionException if native memory fails
   */
  public static Tensor rows(OrtRuntime runtime, Tensor tensor, int[] rows) {
    long[] shape = tensor.shape();
    Element element = Element.of(tensor.handle().getInfo().type);
    ByteBuffer all = tensor.handle().getByteBuffer();
    int size = all.remaining() / Math.toIntExact(shape[0]);
    ByteBuffer kept = NativeMemory.bytes((long) rows.length * size);
    for (int i = 0; i < rows.length; i++) {
      kept.put(i * size, all, rows[i] * size, size);
    }
    shape[0] = rows.length;
    return of(runtime, kept, element, shape);
  }

  private static Tensor of(OrtRuntime runtime, ByteBuffer data, Element element, long[] shape) {
    try {
      return Tensor.owned(
          OnnxTensor.createTensor(runtime.environment(), data, shape, element.type()));
    } catch (OrtException e) {
      throw new ModelExecutionException(
          "could not create a tensor of shape " + Arrays.toString(shape), e);
    }
  }
}
