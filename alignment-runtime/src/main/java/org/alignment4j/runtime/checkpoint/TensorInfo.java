package org.alignment4j.runtime.checkpoint;

/**
 * What a safetensors header says about one tensor.
 *
 * @param name name of the tensor
 * @param dtype element type
 * @param shape dimensions, row major; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last, counted from the end of the header
 */
public record TensorInfo(String name, DType dtype, long[] shape, long begin, long end) {

  public TensorInfo {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Bytes the tensor takes in the file. */
  public long byteCount() {
    return end - begin;
  }

  /** Number of elements. */
  public long size() {
    return byteCount() / dtype.bytes();
  }
}
