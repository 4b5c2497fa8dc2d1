package org.alignment4j.runtime.train;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes of a message in the wire format of Protocol Buffers, field by field. */
final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  ProtobufMessage int64(int field, long value) {
    varint(((long) field << 3) | VARINT);
    varint(value);
    return this;
  }

  ProtobufMessage float64(int field, double value) {
    varint(((long) field << 3) | FIXED64);
    littleEndian(Double.doubleToLongBits(value), Long.BYTES);
    return this;
  }

  ProtobufMessage float32(int field, float value) {
    varint(((long) field << 3) | FIXED32);
    littleEndian(Float.floatToIntBits(value), Float.BYTES);
    return this;
  }

  ProtobufMessage string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufMessage message(int field, ProtobufMessage value) {
    return bytes(field, value.toByteArray());
  }

  private ProtobufMessage bytes(int field, byte[] value) {
    varint(((long) field << 3) | LENGTH_DELIMITED);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private void littleEndian(long value, int length) {
    for (int i = 0; i < length; i++) {
      bytes.write((int) (value >>> (Byte.SIZE * i)));
    }
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
