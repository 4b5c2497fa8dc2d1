package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Writes a graph in the ONNX wire format (protocol buffers, IR version 10, operator set 21 and the
 * contributed set of ONNX Runtime). Only the fields this library uses; field numbers are those of
 * {@code onnx.proto}.
 */
final class OnnxWriter {

  private static final int IR_VERSION = 10;
  private static final int OPSET = 21;

  /** Field of {@code ModelProto} that holds the graph. */
  static final int GRAPH = 7;

  /** Field of {@code GraphProto} that holds one initializer. */
  static final int INITIALIZER = 5;

  private OnnxWriter() {}

  static byte[] write(
      List<Value> inputs,
      List<Value> packed,
      Map<String, Value> outputs,
      List<Constant> constants,
      List<Node> nodes) {
    ProtoMessage graph = graph(inputs, outputs, constants, nodes, UnaryOperator.identity());
    for (int i = 0; i < packed.size(); i++) {
      graph.message(INITIALIZER, external(packed.get(i), GraphModel.location(i)));
    }
    return model(true).message(GRAPH, graph).bytes();
  }

  /**
   * A model without its graph.
   *
   * @param contributed whether its operators include those of ONNX Runtime
   */
  static ProtoMessage model(boolean contributed) {
    ProtoMessage model =
        new ProtoMessage()
            .varint(1, IR_VERSION)
            .string(2, "alignment4j")
            .message(8, new ProtoMessage().string(1, "").varint(2, OPSET));
    return contributed
        ? model.message(8, new ProtoMessage().string(1, "com.microsoft").varint(2, 1))
        : model;
  }

  /**
   * A graph.
   *
   * @param symbols names the sizes that are known only when it runs
   */
  static ProtoMessage graph(
      List<Value> inputs,
      Map<String, Value> outputs,
      List<Constant> constants,
      List<Node> nodes,
      UnaryOperator<String> symbols) {
    ProtoMessage graph = new ProtoMessage();
    nodes.forEach(n -> graph.message(1, node(n)));
    graph.string(2, "graph");
    constants.forEach(c -> graph.message(INITIALIZER, tensor(c)));
    inputs.forEach(v -> graph.message(11, valueInfo(v.name(), v, symbols)));
    outputs.forEach((name, v) -> graph.message(12, valueInfo(name, v, symbols)));
    return graph;
  }

  private static ProtoMessage node(Node n) {
    ProtoMessage m = new ProtoMessage();
    n.inputs().forEach(i -> m.string(1, i));
    n.outputs().forEach(o -> m.string(2, o));
    m.string(3, n.outputs().get(0)).string(4, n.opType());
    new TreeMap<>(n.attributes()).forEach((name, value) -> m.message(5, attribute(name, value)));
    return m.string(7, n.domain());
  }

  private static ProtoMessage attribute(String name, Object value) {
    ProtoMessage m = new ProtoMessage().string(1, name);
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

  private static ProtoMessage tensor(Constant c) {
    return tensorHead(c.name(), c.type(), c.dims()).raw(9, c.bytes());
  }

  /** A tensor without its elements. */
  static ProtoMessage tensorHead(String name, ElementType type, long[] dims) {
    ProtoMessage m = new ProtoMessage();
    for (long d : dims) {
      m.varint(1, d);
    }
    return m.varint(2, type.onnxType()).string(8, name);
  }

  /** A tensor whose values lie in a file, or are given to the session under its name. */
  private static ProtoMessage external(Value v, String location) {
    ProtoMessage m = new ProtoMessage();
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

  private static ProtoMessage entry(String key, String value) {
    return new ProtoMessage().string(1, key).string(2, value);
  }

  private static ProtoMessage valueInfo(String name, Value v, UnaryOperator<String> symbols) {
    ProtoMessage shape = new ProtoMessage();
    for (Dim d : v.shape().dims()) {
      if (d instanceof Dim.Fixed f) {
        shape.message(1, new ProtoMessage().varint(1, f.size()));
      } else if (d instanceof Dim.Symbol s) {
        shape.message(1, new ProtoMessage().string(2, symbols.apply(s.name())));
      }
    }
    ProtoMessage tensorType = new ProtoMessage().varint(1, v.type().onnxType()).message(2, shape);
    return new ProtoMessage().string(1, name).message(2, new ProtoMessage().message(1, tensorType));
  }
}
