package org.alignment4j.runtime.graph;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What models of Hugging Face are fed, turned into what decoder graphs read: a mask of ones and
 * zeros over columns becomes scores to add and positions. No gradient.
 */
public final class AttentionInputs {

  private final Graph graph;
  private final Ops ops;

  /** Inputs of the graph that the operations emit into. */
  public AttentionInputs(Ops ops) {
    this.ops = ops;
    this.graph = ops.graph();
  }

  /**
   * The causal mask: a query sees the keys up to its own column that are marked.
   *
   * @param marks 1 for tokens and 0 for padding, int64 {@code [batch, keys]}
   * @param seq columns of this run, the last of the keys
   * @return {@code [batch, 1, seq, keys]}: 0 where attended, −1e9 where not
   */
  public Value causalMask(Value marks, Dim seq) {
    Dim batch = marks.dim(0);
    Dim keys = marks.dim(1);
    Value all = scalar(keys);
    Value zero = graph.longs(true, 0);
    Value first = whole("Sub", Shape.scalar(), all, scalar(seq));
    Value keyColumns = ops.reshape(range(zero, all, keys), Dim.of(1), keys);
    Value queryColumns = ops.reshape(range(first, all, seq), seq, Dim.of(1));
    Value past = ops.compare("LessOrEqual", keyColumns, queryColumns);
    Value marked =
        ops.compare("Greater", ops.reshape(marks, batch, Dim.of(1), Dim.of(1), keys), zero);
    Value seen =
        graph.node(
            "And",
            new Graph.Type(ElementType.BOOL, Shape.of(batch, Dim.of(1), seq, keys)),
            Map.of(),
            past,
            marked);
    return ops.where(seen, ops.constant(0), ops.constant(Attentions.UNSEEN));
  }

  /**
   * Positions of all columns: how many marked columns come before each, 0 for padding on the left.
   *
   * @param marks int64 {@code [batch, keys]}
   * @return int64 {@code [batch, keys]}
   */
  public Value positions(Value marks) {
    Value count =
        graph.node("CumSum", new Graph.Type(marks.type(), marks.shape()), Map.of(), marks, one(1));
    return whole("Max", marks.shape(), ops.shiftIds(count, -1), graph.longs(true, 0));
  }

  /**
   * The last columns.
   *
   * @param all int64 {@code [batch, keys]}
   * @param seq how many
   * @return int64 {@code [batch, seq]}
   */
  public Value last(Value all, Dim seq) {
    Value end = size(all.dim(1));
    Value start = whole("Sub", Shape.of(1), end, size(seq));
    return graph.node(
        "Slice",
        new Graph.Type(all.type(), Shape.of(all.dim(0), seq)),
        Map.of(),
        all,
        start,
        end,
        graph.longs(false, 1));
  }

  /**
   * Where each sequence ends: at its last marked column that does not hold the padding token, or at
   * its first marked one where all do.
   *
   * @param ids int64 {@code [batch, seq]}
   * @param marks 1 for tokens and 0 for padding, int64 {@code [batch, seq]}
   * @param pad the padding token, or null for none
   * @param rows name of the size of the batch in the result
   * @return rows of the flattened {@code [batch·seq]}, int64 {@code [rows]}
   */
  public Value ends(Value ids, Value marks, @Nullable Integer pad, Dim rows) {
    Shape shape = marks.shape();
    Dim batch = shape.dim(0);
    Dim seq = shape.dim(1);
    Value zero = one(0);
    Value length = scalar(seq);
    Value columns = ops.reshape(range(zero, length, seq), Dim.of(1), seq);
    Value marked = ops.compare("Greater", marks, zero);
    // Later columns rank higher among those that count, and lower, below them, among the others.
    Value backwards = whole("Sub", columns.shape(), one(-1), columns);
    Value rank = choose(marked, backwards, whole("Sub", Shape.scalar(), one(-1), length), shape);
    Value real = marked;
    if (pad != null) {
      Value same = ops.compare("Equal", ids, one(pad));
      Graph.Type booleans = new Graph.Type(ElementType.BOOL, shape);
      real =
          graph.node(
              "And", booleans, Map.of(), marked, graph.node("Not", booleans, Map.of(), same));
    }
    rank = choose(real, columns, rank, shape);
    Value column =
        graph.node(
            "ArgMax",
            new Graph.Type(ElementType.INT64, Shape.of(rows)),
            Map.of("axis", 1L, "keepdims", 0L),
            rank);
    Value starts = whole("Mul", Shape.of(batch), range(zero, scalar(batch), batch), scalar(seq));
    return whole("Add", Shape.of(rows), column, starts);
  }

  private Value choose(Value condition, Value a, Value b, Shape shape) {
    return graph.node("Where", new Graph.Type(ElementType.INT64, shape), Map.of(), condition, a, b);
  }

  private Value one(long value) {
    return graph.longs(true, value);
  }

  private Value size(Dim dim) {
    return graph.exactShape(Shape.of(dim));
  }

  private Value scalar(Dim dim) {
    return graph.node(
        "Squeeze",
        new Graph.Type(ElementType.INT64, Shape.scalar()),
        Map.of(),
        size(dim),
        graph.longs(false, 0));
  }

  private Value range(Value from, Value to, Dim size) {
    return graph.node(
        "Range", new Graph.Type(ElementType.INT64, Shape.of(size)), Map.of(), from, to, one(1));
  }

  private Value whole(String op, Shape shape, Value a, Value b) {
    return graph
        .nodes(op, "", List.of(new Graph.Type(ElementType.INT64, shape)), Map.of(), a, b)
        .get(0);
  }
}
