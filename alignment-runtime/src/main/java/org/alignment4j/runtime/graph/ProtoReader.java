package org.alignment4j.runtime.graph;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a protocol buffer message field by field, never beyond its end: {@link #next}, then one
 * method that takes the field's content. Not thread-safe.
 */
final class ProtoReader {

  /** The bytes are no whole message. */
  static final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedException(String problem) {
      super(problem);
    }
  }

  /** Names and sizes are short: longer ones are an attack on memory. */
  private static final int MAX_TEXT = 1 << 20;

  private static final int MAX_NUMBERS = 1 << 10;
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final ByteBuffer bytes;
  private final long start;
  private int field;
  private int wireType;

  /** A reader of the bytes from position to limit. */
  ProtoReader(ByteBuffer bytes) {
    this(bytes.slice(), 0);
  }

  private ProtoReader(ByteBuffer bytes, long start) {
    this.bytes = bytes;
    this.start = start;
  }

  /** Moves to the next field; false at the end. */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = raw();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw damaged("has no field");
    }
    return true;
  }

  /** Number of the field. */
  int field() {
    return field;
  }

  /** Bytes left in this message. */
  int remaining() {
    return bytes.remaining();
  }

  long varint() {
    require(VARINT);
    return raw();
  }

  /** One number or a packed list of few. */
  List<Long> varints() {
    if (wireType == VARINT) {
      return List.of(raw());
    }
    ProtoReader packed = message();
    List<Long> values = new ArrayList<>();
    while (packed.bytes.hasRemaining()) {
      if (values.size() == MAX_NUMBERS) {
        throw damaged("has a list of more than " + MAX_NUMBERS + " sizes");
      }
      values.add(packed.raw());
    }
    return values;
  }

  /** The field as a message of its own. */
  ProtoReader message() {
    require(DELIMITED);
    long length = raw();
    if (length < 0 || length > bytes.remaining()) {
      throw damaged("ends within a field of " + length + " bytes");
    }
    int from = bytes.position();
    bytes.position(from + (int) length);
    return new ProtoReader(bytes.slice(from, (int) length), start + from);
  }

  String text() {
    ProtoReader content = message();
    if (content.remaining() > MAX_TEXT) {
      throw damaged("has a name of " + content.remaining() + " bytes");
    }
    byte[] text = new byte[content.remaining()];
    content.bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Passes the field by. */
  void skip() {
    switch (wireType) {
      case VARINT -> raw();
      case FIXED64 -> pass(8);
      case DELIMITED -> message();
      case FIXED32 -> pass(4);
      default -> throw damaged("has a field of unknown form " + wireType);
    }
  }

  private void pass(int count) {
    if (bytes.remaining() < count) {
      throw damaged("ends within a field");
    }
    bytes.position(bytes.position() + count);
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw damaged("has field " + field + " in the form " + wireType + " instead of " + expected);
    }
  }

  private long raw() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw damaged("ends within a number");
      }
      byte b = bytes.get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged("has a number of more than ten bytes");
  }

  private DamagedException damaged(String problem) {
    return new DamagedException(problem + " (at byte " + (start + bytes.position()) + ")");
  }
}
