package org.alignment4j.runtime.graph;

import java.util.List;

/**
 * Differentiable operations: the vocabulary of losses. {@link Layers} has the composites of a
 * decoder. Each operation lives, with its gradient, in the class of its kind.
 *
 * <p>Operations of two or three values broadcast as {@link Shape#broadcast} says, and throw {@link
 * IllegalArgumentException} when the shapes do not; the gradient of a value that was stretched is
 * summed over the axes it was stretched along. Operations of one value keep its shape where nothing
 * else is said. Axes count from 0, or from the end when negative; one that a value lacks is an
 * {@link IndexOutOfBoundsException}. Values must be of this graph and real where nothing else is
 * said, which is not checked here: ONNX Runtime refuses such a graph when it is compiled. An
 * operation has the domain of its formula: outside it the results are NaN or infinite, as in IEEE
 * 754, not errors.
 *
 * <p>Not thread-safe, as its graph.
 */
public final class Ops {

  private final Graph graph;
  private final Arithmetic arithmetic;
  private final Functions functions;
  private final Reductions reductions;
  private final Layouts layouts;
  private final Products products;
  private final Gathers gathers;

  /** Operations that emit into the given graph. */
  public Ops(Graph graph) {
    this.graph = graph;
    this.arithmetic = new Arithmetic(this);
    this.functions = new Functions(this);
    this.reductions = new Reductions(this);
    this.layouts = new Layouts(this);
    this.products = new Products(this);
    this.gathers = new Gathers(this);
  }

  /** The graph these operations emit into. */
  public Graph graph() {
    return graph;
  }

  /** A real scalar constant. */
  public Value constant(double value) {
    return graph.constant(Shape.scalar(), value);
  }

  /** A real vector constant. */
  public Value vector(double... values) {
    return graph.constant(Shape.of(values.length), values);
  }

  /** {@code a + b}. */
  public Value add(Value a, Value b) {
    return arithmetic.add(a, b);
  }

  /** {@code a − b}. */
  public Value sub(Value a, Value b) {
    return arithmetic.sub(a, b);
  }

  /** {@code a · b}, elementwise. */
  public Value mul(Value a, Value b) {
    return arithmetic.mul(a, b);
  }

  /** {@code a / b}, elementwise. */
  public Value div(Value a, Value b) {
    return arithmetic.div(a, b);
  }

  /** {@code a · s} for a constant factor. */
  public Value scale(Value a, double s) {
    return arithmetic.scale(a, s);
  }

  /** {@code a + s} for a constant offset. */
  public Value shift(Value a, double s) {
    return arithmetic.shift(a, s);
  }

  /** The smaller of two values; at a tie the gradient goes to {@code a}. */
  public Value min(Value a, Value b) {
    return arithmetic.min(a, b);
  }

  /** The larger of two values; at a tie the gradient goes to {@code a}. */
  public Value max(Value a, Value b) {
    return arithmetic.max(a, b);
  }

  /** {@code min(max(a, low), high)}; no gradient outside the interval. */
  public Value clamp(Value a, double low, double high) {
    return arithmetic.clamp(a, low, high);
  }

  /** {@code condition ? a : b}, elementwise; {@code condition} is boolean. */
  public Value where(Value condition, Value a, Value b) {
    return arithmetic.where(condition, a, b);
  }

  /** A boolean comparison: {@code Less}, {@code LessOrEqual}, {@code Greater}, {@code Equal}… */
  Value compare(String op, Value a, Value b) {
    return arithmetic.compare(op, a, b);
  }

  /** {@code −a}. */
  public Value neg(Value a) {
    return functions.neg(a);
  }

  /** {@code exp(a)}. */
  public Value exp(Value a) {
    return functions.exp(a);
  }

  /** {@code log(a)}. */
  public Value log(Value a) {
    return functions.log(a);
  }

  /** {@code sqrt(a)}. */
  public Value sqrt(Value a) {
    return functions.sqrt(a);
  }

  /** {@code tanh(a)}. */
  public Value tanh(Value a) {
    return functions.tanh(a);
  }

  /** {@code 1/(1+exp(−a))}. */
  public Value sigmoid(Value a) {
    return functions.sigmoid(a);
  }

  /** {@code max(a, 0)}; the gradient at 0 is 0. */
  public Value relu(Value a) {
    return functions.relu(a);
  }

  /** {@code |a|}; the gradient at 0 is 0. */
  public Value abs(Value a) {
    return functions.abs(a);
  }

  /** {@code a²}. */
  public Value square(Value a) {
    return functions.square(a);
  }

  /**
   * {@code log(sigmoid(a)) = min(a, 0) − log(1 + exp(−|a|))}, finite for every finite {@code a},
   * with gradient {@code sigmoid(−a)} everywhere.
   */
  public Value logSigmoid(Value a) {
    return functions.logSigmoid(a);
  }

  /** Integers as real values; no gradient. */
  public Value real(Value integers) {
    return functions.real(integers);
  }

  /** {@code ids + offset} of int64 values. */
  public Value shiftIds(Value ids, long offset) {
    return functions.shiftIds(ids, offset);
  }

  /** The same value, through which no gradient flows. */
  public Value detached(Value a) {
    return new Value(a.name(), a.type(), a.shape(), false);
  }

  /**
   * The same value, whose gradient {@link Gradients} gives though nothing that it depends on may be
   * trained.
   */
  public Value watched(Value a) {
    return arithmetic.watched(a);
  }

  /** Softmax over the last axis. */
  public Value softmax(Value a) {
    return functions.softmax(a);
  }

  /** Logarithm of the softmax over the last axis. */
  public Value logSoftmax(Value a) {
    return functions.logSoftmax(a);
  }

  /** Sum over axes; the axes disappear. */
  public Value sum(Value a, int... axes) {
    return reductions.sum(a, axes);
  }

  /** Sum over axes that stay with size 1. */
  public Value sumKeep(Value a, int... axes) {
    return reductions.sumKeep(a, axes);
  }

  /** Sum over everything. */
  public Value sumAll(Value a) {
    return reductions.sumAll(a);
  }

  /** Mean over the last axis, which stays with size 1; its size must be known. */
  public Value meanLast(Value a) {
    return reductions.meanLast(a);
  }

  /** A gradient summed over the axes along which its target was broadcast. */
  Value sumTo(Value dy, Shape target) {
    return reductions.sumTo(dy, target);
  }

  /** Adds a gradient to a value that was broadcast, summed over the broadcast axes. */
  void reduceInto(GradientSink sink, Value target, Value dy) {
    reductions.reduceInto(sink, target, dy);
  }

  /** The same elements under another shape. */
  public Value reshape(Value a, Shape shape) {
    return layouts.reshape(a, shape);
  }

  /** The same elements under another shape. */
  public Value reshape(Value a, Dim... dims) {
    return reshape(a, Shape.of(dims));
  }

  /** Axes reordered: axis {@code i} of the result is axis {@code perm[i]} of the operand. */
  public Value transpose(Value a, int... perm) {
    return layouts.transpose(a, perm);
  }

  /** A value repeated along its axes of size 1. */
  public Value expand(Value a, Shape shape) {
    return layouts.expand(a, shape);
  }

  /** Equal or unequal parts along an axis, in order. */
  public List<Value> split(Value a, int axis, long... sizes) {
    return layouts.split(a, axis, sizes);
  }

  /** Parts joined along an axis whose total size is given. */
  public Value concat(int axis, Dim total, Value... parts) {
    return layouts.concat(axis, total, parts);
  }

  /**
   * Parts along an axis, in order, of sizes that are known only when the graph runs.
   *
   * @param sizes int64 {@code [parts]}
   * @param dims what the sizes are called
   */
  public List<Value> splitBy(Value a, int axis, Value sizes, Dim... dims) {
    return layouts.splitBy(a, axis, sizes, dims);
  }

  /**
   * Parts joined along an axis, of sizes that are known only when the graph runs.
   *
   * @param sizes of the parts, int64 {@code [parts]}
   */
  public Value concatBy(int axis, Dim total, Value sizes, Value... parts) {
    return layouts.concatBy(axis, total, sizes, parts);
  }

  /** Batched matrix product with broadcasting of the leading axes. */
  public Value matMul(Value a, Value b) {
    return matMul(a, false, b, false, 1);
  }

  /** {@code alpha · op(A) op(B)} over the last two axes, {@code op} transposing where asked. */
  public Value matMul(Value a, boolean transA, Value b, boolean transB, double alpha) {
    return products.matMul(a, transA, b, transB, alpha);
  }

  /** {@code alpha · op(A) op(B)} of two matrices through the dense kernel; not recorded. */
  public Value gemm(Value a, boolean transA, Value b, boolean transB, double alpha) {
    return products.gemm(a, transA, b, transB, alpha);
  }

  /**
   * Rows of a parameter table. Its gradient leaves the graph as a {@link RowGradient}.
   *
   * @param table {@code [rows, width]}, an input of the graph
   * @param ids int64 of any shape
   * @return {@code ids.shape + [width]}
   */
  public Value embed(Value table, Value ids) {
    return gathers.embed(table, ids);
  }

  /**
   * Rows of a computed matrix, each perhaps several times.
   *
   * <p>The backward pass gathers too, because scattering with repeated ids races on the CPU: {@code
   * inverse[k][i]} names the k-th output row that reads row {@code i}, or the number of output rows
   * where there is none.
   *
   * @param a {@code [n, width]}
   * @param ids int64 {@code [r]}
   * @param inverse int64 {@code [k, n]}
   * @return {@code [r, width]}
   */
  public Value gatherRows(Value a, Value ids, Value inverse) {
    return gathers.gatherRows(a, ids, inverse);
  }

  /**
   * Matrices of a computed stack, each perhaps several times.
   *
   * @param a {@code [..., n, rows, columns]}
   * @param ids which of the {@code n}, int64 {@code [r]}
   * @param members the same as zeros and ones, {@code [n, r]}: the backward pass multiplies by it
   * @return {@code [..., r, rows, columns]}
   */
  public Value gatherMatrices(Value a, Value ids, Value members) {
    return gathers.gatherMatrices(a, ids, members);
  }
}
