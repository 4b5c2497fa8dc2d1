package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;

/** Turns the first components of heads by their positions' angles. */
final class Rotations {

  private final Graph graph;
  private final Ops ops;

  Rotations(Ops ops) {
    this.graph = ops.graph();
    this.ops = ops;
  }

  Value rotate(Value x, Value positions, Value cos, Value sin, boolean interleaved) {
    long half = cos.shape().size(1);
    long headDim = x.shape().size(-1);
    if (!graph.elementary()) {
      long pairs = interleaved ? 1 : 0;
      Map<String, Object> attributes =
          2 * half == headDim
              ? Map.of("interleaved", pairs)
              : Map.of(
                  "interleaved",
                  pairs,
                  "rotary_embedding_dim",
                  2 * half,
                  "num_heads",
                  x.shape().size(1));
      return graph.contrib(
          "RotaryEmbedding",
          new Graph.Type(x.type(), x.shape()),
          attributes,
          x,
          positions,
          cos,
          sin);
    }
    boolean whole = 2 * half == headDim;
    List<Value> parts = whole ? List.of(x) : ops.split(x, -1, 2 * half, headDim - 2 * half);
    Value turned = turn(parts.get(0), positions, cos, sin, interleaved);
    return whole ? turned : ops.concat(-1, Dim.of(headDim), turned, parts.get(1));
  }

  /** The rotation of whole heads by elementary operations. */
  private Value turn(Value x, Value positions, Value cos, Value sin, boolean interleaved) {
    long half = cos.shape().size(1);
    Shape paired =
        Shape.of(
            x.dim(0),
            x.dim(1),
            x.dim(2),
            Dim.of(interleaved ? half : 2),
            Dim.of(interleaved ? 2 : half));
    int axis = interleaved ? 4 : 3;
    Shape angles =
        Shape.of(
            x.dim(0),
            Dim.of(1),
            x.dim(2),
            Dim.of(interleaved ? half : 1),
            Dim.of(interleaved ? 1 : half));
    Value c = ops.reshape(ops.embed(cos, positions), angles);
    Value s = ops.reshape(ops.embed(sin, positions), angles);
    List<Value> pair = ops.split(ops.reshape(x, paired), axis, 1, 1);
    Value first = ops.sub(ops.mul(pair.get(0), c), ops.mul(pair.get(1), s));
    Value second = ops.add(ops.mul(pair.get(1), c), ops.mul(pair.get(0), s));
    return ops.reshape(ops.concat(axis, Dim.of(2), first, second), x.shape());
  }
}
