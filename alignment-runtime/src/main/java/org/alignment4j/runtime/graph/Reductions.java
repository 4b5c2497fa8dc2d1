package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Sums over axes, and the sums that undo a broadcast in the backward pass. */
final class Reductions {

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  Reductions(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  Value sum(Value a, int... axes) {
    return reduce("ReduceSum", a, false, axes);
  }

  Value sumKeep(Value a, int... axes) {
    return reduce("ReduceSum", a, true, axes);
  }

  Value sumAll(Value a) {
    int[] axes = new int[a.rank()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    return a.rank() == 0 ? a : sum(a, axes);
  }

  Value meanLast(Value a) {
    return ops.scale(sumKeep(a, -1), 1.0 / a.shape().size(-1));
  }

  private Value reduce(String op, Value a, boolean keep, int... axes) {
    long[] sorted = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      sorted[i] = axes[i] < 0 ? axes[i] + a.rank() : axes[i];
    }
    Arrays.sort(sorted);
    List<Dim> kept = new ArrayList<>();
    List<Dim> ones = new ArrayList<>();
    for (int i = 0; i < a.rank(); i++) {
      boolean reduced = Arrays.binarySearch(sorted, i) >= 0;
      ones.add(reduced ? Dim.of(1) : a.dim(i));
      if (!reduced) {
        kept.add(a.dim(i));
      }
    }
    Shape withOnes = new Shape(ones);
    Value y =
        graph.node(
            op,
            new Graph.Type(a.type(), keep ? withOnes : new Shape(kept)),
            Map.of("keepdims", keep ? 1L : 0L),
            a,
            graph.longs(false, sorted));
    tape.record(
        y, (dy, sink) -> sink.add(a, ops.expand(keep ? dy : ops.reshape(dy, withOnes), a.shape())));
    return y;
  }

  Value sumTo(Value dy, Shape target) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < dy.rank(); i++) {
      if (target.dim(i).isOne() && !dy.dim(i).isOne()) {
        axes.add(i);
      }
    }
    return sumAlong(dy, axes);
  }

  private Value sumAlong(Value dy, List<Integer> axes) {
    return axes.isEmpty() ? dy : sumKeep(dy, axes.stream().mapToInt(Integer::intValue).toArray());
  }

  void reduceInto(GradientSink sink, Value target, Value dy) {
    if (!sink.needs(target)) {
      return;
    }
    int extra = dy.rank() - target.rank();
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < dy.rank(); i++) {
      if (i < extra || (target.dim(i - extra).isOne() && !dy.dim(i).isOne())) {
        axes.add(i);
      }
    }
    Value reduced = sumAlong(dy, axes);
    // A gradient may be narrower than its target where a scalar upstream gradient was broadcast.
    Value shaped = reduced;
    if (extra > 0) {
      shaped = ops.reshape(reduced, target.shape());
    } else if (!reduced.shape().equals(target.shape())) {
      shaped = ops.expand(reduced, target.shape());
    }
    sink.add(target, shaped);
  }
}
