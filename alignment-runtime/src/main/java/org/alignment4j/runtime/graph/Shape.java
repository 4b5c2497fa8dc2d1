package org.alignment4j.runtime.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The dimensions of a value, outermost first. Immutable and thread-safe. An axis counts from 0, or
 * from the end when it is negative; one that the shape lacks is an {@link
 * IndexOutOfBoundsException}.
 *
 * @param dims empty for a scalar
 */
public record Shape(List<Dim> dims) {

  public Shape {
    dims = List.copyOf(dims);
  }

  /** A shape of the given dimensions. */
  public static Shape of(Dim... dims) {
    return new Shape(List.of(dims));
  }

  /**
   * A shape of known sizes.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).mapToObj(Dim::of).toList());
  }

  /** The shape of a scalar. */
  public static Shape scalar() {
    return new Shape(List.of());
  }

  /** Number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /** The dimension at an axis; negative axes count from the end. */
  public Dim dim(int axis) {
    return dims.get(axis < 0 ? axis + rank() : axis);
  }

  /**
   * The known size at an axis.
   *
   * @throws IllegalArgumentException if it is symbolic
   */
  public long size(int axis) {
    if (dim(axis) instanceof Dim.Fixed f) {
      return f.size();
    }
    throw new IllegalArgumentException(
        "axis " + axis + " of " + this + " must have a size known when the graph is built");
  }

  /** This shape with one dimension replaced. */
  public Shape with(int axis, Dim dim) {
    List<Dim> copy = new ArrayList<>(dims);
    copy.set(axis < 0 ? axis + rank() : axis, dim);
    return new Shape(copy);
  }

  /** This shape without one axis. */
  public Shape without(int axis) {
    List<Dim> copy = new ArrayList<>(dims);
    copy.remove(axis < 0 ? axis + rank() : axis);
    return new Shape(copy);
  }

  /** This shape with its axes reordered: axis {@code i} of the result is axis {@code perm[i]}. */
  public Shape permute(int... perm) {
    return new Shape(Arrays.stream(perm).mapToObj(dims::get).toList());
  }

  /** Number of symbolic dimensions. */
  int symbols() {
    return (int) dims.stream().filter(d -> d instanceof Dim.Symbol).count();
  }

  /**
   * The shape of an elementwise operation on two values under NumPy's broadcasting, which is that
   * of ONNX: shapes are aligned at the last axis, the shorter one is continued with ones, and a 1
   * stretches to the other's dimension. A symbol broadcasts against itself and 1 only, whatever its
   * size will be.
   *
   * @throws IllegalArgumentException if two dimensions differ and neither is 1
   */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    List<Dim> out = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      Dim x = i < rank - a.rank() ? Dim.of(1) : a.dim(i - (rank - a.rank()));
      Dim y = i < rank - b.rank() ? Dim.of(1) : b.dim(i - (rank - b.rank()));
      if (x.equals(y) || y.isOne()) {
        out.add(x);
      } else if (x.isOne()) {
        out.add(y);
      } else {
        throw new IllegalArgumentException("shapes " + a + " and " + b + " do not broadcast");
      }
    }
    return new Shape(out);
  }

  @Override
  public String toString() {
    return dims.toString();
  }
}
