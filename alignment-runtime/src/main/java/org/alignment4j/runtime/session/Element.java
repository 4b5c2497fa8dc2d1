package org.alignment4j.runtime.session;

import ai.onnxruntime.OnnxJavaType;

/** Element type of a tensor of a model made elsewhere. */
public enum Element {
  FLOAT(OnnxJavaType.FLOAT, 4),
  FLOAT16(OnnxJavaType.FLOAT16, 2),
  BFLOAT16(OnnxJavaType.BFLOAT16, 2),
  INT32(OnnxJavaType.INT32, 4),
  INT64(OnnxJavaType.INT64, 8),
  BOOL(OnnxJavaType.BOOL, 1),
  /** Any other, and what is no tensor. */
  OTHER(OnnxJavaType.UNKNOWN, 0);

  private final OnnxJavaType type;
  private final int bytes;

  Element(OnnxJavaType type, int bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  static Element of(OnnxJavaType type) {
    for (Element e : values()) {
      if (e.type == type) {
        return e;
      }
    }
    return OTHER;
  }

  OnnxJavaType type() {
    return type;
  }

  int bytes() {
    return bytes;
  }

  /** Whether {@link Tensor#floats} reads it. */
  public boolean isReal() {
    return this == FLOAT || this == FLOAT16 || this == BFLOAT16;
  }

  /** Whether it is a whole number of 32 or 64 bits. */
  public boolean isInteger() {
    return this == INT32 || this == INT64;
  }
}
