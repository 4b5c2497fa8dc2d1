package org.alignment4j.runtime.train;

/** Memory of one thread: whole rows of a tensor, and a number for each column. */
final class AdafactorScratch {
  final float[] p;
  final float[] g;
  final double[] columnSums;
  final float[] columnFactors;

  /** Makes room for at least one row of this many columns. */
  AdafactorScratch(int columns) {
    p = new float[Math.max(Blocks.SIZE, columns)];
    g = new float[Math.max(Blocks.SIZE, columns)];
    columnSums = new double[columns];
    columnFactors = new float[columns];
  }
}
