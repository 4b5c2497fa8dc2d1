package org.alignment4j.runtime.checkpoint;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Element types of the safetensors format. */
public enum DType {
  BOOL(1),
  U8(1),
  I8(1),
  F8_E5M2(1),
  F8_E4M3(1),
  I16(2),
  U16(2),
  F16(2),
  BF16(2),
  I32(4),
  U32(4),
  F32(4),
  F64(8),
  I64(8),
  U64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether tensors of this type are read as float32: {@code F32}, {@code F16}, {@code BF16}. */
  public boolean readable() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** Whether this is a floating-point type, readable or not. */
  public boolean floating() {
    return readable() || this == F64 || this == F8_E5M2 || this == F8_E4M3;
  }

  static @Nullable DType named(String name) {
    return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst().orElse(null);
  }
}
