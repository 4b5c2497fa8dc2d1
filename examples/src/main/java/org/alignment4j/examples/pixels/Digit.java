package org.alignment4j.examples.pixels;

/**
 * An image of a digit.
 *
 * @param label 0 to 9
 * @param pixels {@link #SIDE} rows of as many values from 0 (paper) to 1 (ink)
 */
record Digit(int label, float[] pixels) {
  /** Rows and columns. */
  static final int SIDE = 28;

  /** Pixels. */
  static final int PIXELS = SIDE * SIDE;

  /** How many kinds of digits there are. */
  static final int CLASSES = 10;

  Digit {
    if (label < 0 || label >= CLASSES || pixels.length != PIXELS) {
      throw new IllegalArgumentException(
          "a digit must have a label from 0 to 9 and "
              + PIXELS
              + " pixels but had "
              + label
              + " and "
              + pixels.length);
    }
    pixels = pixels.clone();
  }
}
