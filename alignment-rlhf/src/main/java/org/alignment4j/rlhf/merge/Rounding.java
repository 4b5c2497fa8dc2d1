package org.alignment4j.rlhf.merge;

/** Rounds what was computed in float64, once. */
final class Rounding {

  private Rounding() {}

  static float[] floats(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
