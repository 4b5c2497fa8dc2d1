package org.alignment4j.interp.lens;

/** What the translators of a tuned lens may do to the stream before it is read. */
public enum Translation {
  /** {@code h' = h + A·h + b}. */
  AFFINE,
  /** {@code h' = h + b}: the mean difference between a layer's stream and the last one's alone. */
  BIAS
}
