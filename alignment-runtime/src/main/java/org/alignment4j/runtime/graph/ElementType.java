package org.alignment4j.runtime.graph;

/**
 * Element type of a value, with its number in the ONNX {@code TensorProto.DataType} enumeration.
 */
public enum ElementType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT32(6, 4),
  INT64(7, 8),
  BOOL(9, 1),
  DOUBLE(11, 8);

  private final int onnxType;
  private final int bytes;

  ElementType(int onnxType, int bytes) {
    this.onnxType = onnxType;
    this.bytes = bytes;
  }

  /** The type's number in the ONNX format. */
  public int onnxType() {
    return onnxType;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether gradients can flow through values of this type. */
  public boolean isReal() {
    return this == FLOAT || this == DOUBLE;
  }
}
