package org.alignment4j.runtime.graph;

import java.util.HashMap;
import java.util.Map;

/**
 * A frozen matrix {@code [out, in]} kept as levels of 4 or 8 bits with one scale a block of inputs:
 * {@code W = s·(q − 2^(bits−1))}. Its tensors are inputs of a graph of {@code FLOAT}, declared the
 * first time an operation reads them. {@link Layers} multiplies with it; gradients pass through it,
 * never to it. Not thread-safe, as its graph.
 */
public final class QuantisedMatrix {

  /** Which kernel multiplies. */
  public enum Kernel {
    /** Dequantises the matrix in every product; float32 throughout. */
    DEQUANTISING,
    /**
     * Multiplies levels that are given when the graph is compiled; float32 throughout. Levels of 8
     * bits take part as two planes of 4 bits.
     */
    PACKED,
    /** Multiplies such levels in integers, the other factor rounded to 8 bits in blocks. */
    PACKED_INTEGER
  }

  private static final String LEVELS = ".levels";
  private static final String ROWS = ".level_rows";
  private static final String SCALES = ".scales";
  private static final String HIGH = ".high_levels";
  private static final String LOW = ".low_levels";

  private final Graph graph;
  private final String name;
  private final long out;
  private final long in;
  private final int bits;
  private final int blockSize;
  private final Kernel kernel;
  private final Map<String, Value> declared = new HashMap<>();

  /**
   * A matrix whose tensors bear its name.
   *
   * @param graph of {@code FLOAT}
   * @param name of the parameter
   * @param out rows
   * @param in columns
   * @param bits of a level, 4 or 8
   * @param blockSize columns that share a scale
   * @param kernel how it is multiplied
   * @throws IllegalArgumentException if the graph is of {@code DOUBLE}
   */
  public QuantisedMatrix(
      Graph graph, String name, long out, long in, int bits, int blockSize, Kernel kernel) {
    if (graph.real() != ElementType.FLOAT) {
      throw new IllegalArgumentException(
          "graph must be of FLOAT to multiply quantised weights but was of " + graph.real());
    }
    this.graph = graph;
    this.name = name;
    this.out = out;
    this.in = in;
    this.bits = bits;
    this.blockSize = blockSize;
    this.kernel = kernel;
  }

  /** The input of a matrix's levels, uint8 {@code [out, blocks, blockSize·bits/8]}. */
  public static String levels(String name) {
    return name + LEVELS;
  }

  /** The input of the same levels as rows, uint8 {@code [out, blocks·blockSize·bits/8]}. */
  public static String levelRows(String name) {
    return name + ROWS;
  }

  /** The input of a matrix's scales, {@code [out, blocks]}. */
  public static String scales(String name) {
    return name + SCALES;
  }

  /** The input of the high halves of 8-bit levels, two a byte as 4-bit levels are. */
  public static String highLevels(String name) {
    return name + HIGH;
  }

  /** The input of the low halves of 8-bit levels, two a byte as 4-bit levels are. */
  public static String lowLevels(String name) {
    return name + LOW;
  }

  long out() {
    return out;
  }

  long in() {
    return in;
  }

  int bits() {
    return bits;
  }

  int blockSize() {
    return blockSize;
  }

  Kernel kernel() {
    return kernel;
  }

  long blocks() {
    return (in + blockSize - 1) / blockSize;
  }

  /** Columns of whole blocks. */
  long paddedIn() {
    return blocks() * blockSize;
  }

  Value levels() {
    return declare(levels(name), ElementType.UINT8, blockShape(bits));
  }

  Value levelRows() {
    return declare(
        levelRows(name), ElementType.UINT8, Shape.of(out, blocks() * blockSize * bits / 8));
  }

  Value scales() {
    return declare(scales(name), ElementType.FLOAT, Shape.of(out, blocks()));
  }

  Value highLevels() {
    return declare(highLevels(name), ElementType.UINT8, blockShape(4));
  }

  Value lowLevels() {
    return declare(lowLevels(name), ElementType.UINT8, blockShape(4));
  }

  private Shape blockShape(int planeBits) {
    return Shape.of(out, blocks(), (long) blockSize * planeBits / 8);
  }

  private Value declare(String input, ElementType type, Shape shape) {
    return declared.computeIfAbsent(input, i -> graph.input(i, type, shape));
  }
}
