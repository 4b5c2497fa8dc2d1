package org.alignment4j.runtime.graph;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a graph in the ONNX wire format (protocol buffers, IR version 10, operator set 21 and the
 * contributed set of ONNX Runtime). Only the fields this library uses; field numbers are those of
 * {@code onnx.proto}.
 */
final class OnnxWriter {

  private static final int IR_VERSION = 10;
  private static final int OPSET = 21;

  private OnnxWriter() {}

  static byte[] write(
      List<Value> inputs,
      List<Value> packed,
      Map<String, Value> outputs,
      List<Constant> constants,
      List<Node> nodes) {
    Message graph = new Message();
    nodes.forEach(n -> graph.message(1, node(n)));
    graph.string(2, "graph");
    constants.forEach(c -> graph.message(5, tensor(c)));
    for (int i = 0; i < packed.size(); i++) {
      graph.message(5, external(packed.get(i), GraphModel.location(i)));
    }
    inputs.forEach(v -> graph.message(11, valueInfo(v.name(), v)));
    outputs.forEach((name, v) -> graph.message(12, valueInfo(name, v)));

    return new Message()
        .varint(1, IR_VERSION)
        .string(2, "alignment4j")
        .message(7, graph)
        .message(8, new Message().string(1, "").varint(2, OPSET))
        .message(8, new Message().string(1, "com.microsoft").varint(2, 1))
        .bytes();
  }

  private static Message node(Node n) {
    Message m = new Message();
    n.inputs().forEach(i -> m.string(1, i));
    n.outputs().forEach(o -> m.string(2, o));
    m.string(3, n.outputs().get(0)).string(4, n.opType());
    new TreeMap<>(n.attributes()).forEach((name, value) -> m.message(5, attribute(name, value)));
    return m.string(7, n.domain());
  }

  private static Message attribute(String name, Object value) {
    Message m = new Message().string(1, name);
    if (value instanceof Long l) {
      return m.varint(3, l).varint(20, 2);
    }
    if (value instanceof Float f) {
      return m.fixed32(2, f).varint(20, 1);
    }
    if (value instanceof String s) {
      return m.string(4, s).varint(20, 3);
    }
    if (value instanceof long[] ls) {
      for (long l : ls) {
        m.varint(8, l);
      }
      return m.varint(20, 7);
    }
    throw new IllegalArgumentException(
        "attribute "
            + name
            + " must be a Long, Float, String or long[] but was "
            + value.getClass());
  }

  private static Message tensor(Constant c) {
    Message m = new Message();
    for (long d : c.dims()) {
      m.varint(1, d);
    }
    return m.varint(2, c.type().onnxType()).string(8, c.name()).raw(9, c.bytes());
  }

  /** A tensor whose values lie in a file, or are given to the session under its name. */
  private static Message external(Value v, String location) {
    Message m = new Message();
    long bytes = v.type().bytes();
    for (int axis = 0; axis < v.rank(); axis++) {
      m.varint(1, v.shape().size(axis));
      bytes *= v.shape().size(axis);
    }
    return m.varint(2, v.type().onnxType())
        .string(8, v.name())
        .message(13, entry("location", location))
        .message(13, entry("offset", "0"))
        .message(13, entry("length", Long.toString(bytes)))
        .varint(14, 1);
  }

  private static Message entry(String key, String value) {
    return new Message().string(1, key).string(2, value);
  }

  private static Message valueInfo(String name, Value v) {
    Message shape = new Message();
    for (Dim d : v.shape().dims()) {
      if (d instanceof Dim.Fixed f) {
        shape.message(1, new Message().varint(1, f.size()));
      } else if (d instanceof Dim.Symbol s) {
        shape.message(1, new Message().string(2, s.name()));
      }
    }
    Message tensorType = new Message().varint(1, v.type().onnxType()).message(2, shape);
    return new Message().string(1, name).message(2, new Message().message(1, tensorType));
  }

  /** A protocol buffer message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message varint(int field, long value) {
      raw((long) field << 3);
      raw(value);
      return this;
    }

    Message fixed32(int field, float value) {
      raw((long) field << 3 | 5);
      int bits = Float.floatToRawIntBits(value);
      for (int i = 0; i < 4; i++) {
        out.write(bits >>> (8 * i));
      }
      return this;
    }

    Message string(int field, String value) {
      return raw(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return raw(field, value.bytes());
    }

    Message raw(int field, byte[] value) {
      raw((long) field << 3 | 2);
      raw(value.length);
      out.writeBytes(value);
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

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
