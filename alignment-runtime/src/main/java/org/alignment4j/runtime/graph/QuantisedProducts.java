package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Products with frozen matrices that are quantised in blocks. */
final class QuantisedProducts {

  /** The factor between the two planes of an 8-bit level. */
  private static final double HIGH_PLANE = 16;

  private static final long FLOAT_KERNEL = 1;
  private static final long INTEGER_KERNEL = 4;

  private final Graph graph;
  private final Tape tape;
  private final Ops ops;

  QuantisedProducts(Ops ops) {
    this.graph = ops.graph();
    this.tape = graph.tape();
    this.ops = ops;
  }

  /** {@code x·Wᵀ}, gradient {@code dx = dy·W}. */
  Value times(Value x, QuantisedMatrix w) {
    Value y = tape.dependent(tape.unrecorded(() -> multiply(x, w)), x);
    tape.record(y, (dy, sink) -> sink.add(x, transposedTimes(dy, w)));
    return y;
  }

  private Value multiply(Value x, QuantisedMatrix w) {
    if (w.kernel() == QuantisedMatrix.Kernel.PACKED && w.bits() == 8) {
      // q − 128 = 16·(high − 8) + low: the kernel of 4 bits is the only one that keeps x as it is.
      byte[] zero = new byte[Math.toIntExact(w.out() * ((w.blocks() + 1) / 2))];
      Value none = graph.constant(ElementType.UINT8, Shape.of(zero.length), zero);
      Value high = kernel(x, w, 4, FLOAT_KERNEL, w.highLevels(), null);
      Value low = kernel(x, w, 4, FLOAT_KERNEL, w.lowLevels(), none);
      return ops.add(ops.scale(high, HIGH_PLANE), low);
    }
    boolean integers = w.kernel() == QuantisedMatrix.Kernel.PACKED_INTEGER;
    return kernel(x, w, w.bits(), integers ? INTEGER_KERNEL : FLOAT_KERNEL, w.levels(), null);
  }

  private Value kernel(
      Value x, QuantisedMatrix w, int bits, long level, Value levels, @Nullable Value zeros) {
    Shape shape = Shape.of(x.dim(0), Dim.of(w.out()));
    Map<String, Object> attributes =
        Map.of(
            "K",
            w.in(),
            "N",
            w.out(),
            "bits",
            (long) bits,
            "block_size",
            (long) w.blockSize(),
            "accuracy_level",
            level);
    Graph.Type type = new Graph.Type(x.type(), shape);
    return zeros == null
        ? graph.contrib("MatMulNBits", type, attributes, x, levels, w.scales())
        : graph.contrib("MatMulNBits", type, attributes, x, levels, w.scales(), zeros);
  }

  /** {@code p·W}; not recorded. */
  Value transposedTimes(Value p, QuantisedMatrix w) {
    return cut(ops.gemm(p, false, padded(w), false, 1), w);
  }

  /** {@code W} itself, {@code [out, in]}. */
  Value dequantised(QuantisedMatrix w) {
    return cut(padded(w), w);
  }

  /** Rows of {@code W} by their ids, {@code [..., in]}. */
  Value rows(QuantisedMatrix w, Value ids) {
    return cut(gather(w, ids), w);
  }

  private Value padded(QuantisedMatrix w) {
    if (w.bits() == 4) {
      Value ids =
          graph.node(
              "Range",
              new Graph.Type(ElementType.INT64, Shape.of(w.out())),
              Map.of(),
              graph.longs(true, 0),
              graph.longs(true, w.out()),
              graph.longs(true, 1));
      return gather(w, ids);
    }
    byte[] zeros = new byte[Math.toIntExact(w.out() * w.blocks())];
    Arrays.fill(zeros, (byte) 128);
    return graph.node(
        "DequantizeLinear",
        new Graph.Type(ElementType.FLOAT, Shape.of(w.out(), w.paddedIn())),
        Map.of("axis", 1L, "block_size", (long) w.blockSize()),
        w.levelRows(),
        w.scales(),
        graph.constant(ElementType.UINT8, Shape.of(w.out(), w.blocks()), zeros));
  }

  private Value gather(QuantisedMatrix w, Value ids) {
    List<Dim> dims = new ArrayList<>(ids.shape().dims());
    dims.add(Dim.of(w.paddedIn()));
    return graph.contrib(
        "GatherBlockQuantized",
        new Graph.Type(ElementType.FLOAT, new Shape(dims)),
        Map.of(
            "bits",
            (long) w.bits(),
            "block_size",
            (long) w.blockSize(),
            "gather_axis",
            0L,
            "quantize_axis",
            1L),
        w.levelRows(),
        ids,
        w.scales());
  }

  /** The columns that there are, without those that fill the last block. */
  private Value cut(Value padded, QuantisedMatrix w) {
    long rest = w.paddedIn() - w.in();
    return rest == 0 ? padded : ops.split(padded, -1, w.in(), rest).get(0);
  }
}
