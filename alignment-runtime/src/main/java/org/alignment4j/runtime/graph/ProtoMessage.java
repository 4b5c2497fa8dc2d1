package org.alignment4j.runtime.graph;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A protocol buffer message under construction. Not thread-safe. */
final class ProtoMessage {

  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtoMessage varint(int field, long value) {
    raw((long) field << 3);
    raw(value);
    return this;
  }

  ProtoMessage fixed32(int field, float value) {
    raw((long) field << 3 | 5);
    int bits = Float.floatToRawIntBits(value);
    for (int i = 0; i < 4; i++) {
      out.write(bits >>> (8 * i));
    }
    return this;
  }

  ProtoMessage string(int field, String value) {
    return raw(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoMessage message(int field, ProtoMessage value) {
    return raw(field, value.bytes());
  }

  ProtoMessage raw(int field, byte[] value) {
    begin(field, value.length);
    out.writeBytes(value);
    return this;
  }

  /** Adds the fields of another message to this one. */
  ProtoMessage append(ProtoMessage other) {
    out.writeBytes(other.bytes());
    return this;
  }

  /** The tag and length of a field whose content follows elsewhere. */
  ProtoMessage begin(int field, long length) {
    raw((long) field << 3 | LENGTH_DELIMITED);
    raw(length);
    return this;
  }

  private void raw(long value) {
    long v = value;
    while ((v & ~0x7FL) != 0) {
      out.write((int) (v & 0x7F | 0x80));
      v >>>= 7;
    }
    out.write((int) v);
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
