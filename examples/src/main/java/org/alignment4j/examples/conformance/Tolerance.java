package org.alignment4j.examples.conformance;

/**
 * How far a number may be from the reference.
 *
 * @param absolute allowed distance
 * @param relative further allowed distance as a fraction of the reference's magnitude
 */
record Tolerance(double absolute, double relative) {

  /** Logits and log-probabilities of float32 models. */
  static final Tolerance LOGITS = new Tolerance(1e-4, 0);

  /** Activations within float32 models. */
  static final Tolerance ACTIVATIONS = new Tolerance(1e-4, 0);

  /** Quotients of small differences between logits. */
  static final Tolerance PATCHING = new Tolerance(1e-3, 0);

  /** Gradients. */
  static final Tolerance GRADIENTS = new Tolerance(1e-5, 1e-4);

  /** Losses and norms of training. */
  static final Tolerance TRAINING = new Tolerance(0, 1e-4);

  /** What both sides compute in float64. */
  static final Tolerance DOUBLE = new Tolerance(1e-9, 0);

  /** What one side computes in float32 from few numbers near 1. */
  static final Tolerance SINGLE = new Tolerance(1e-6, 0);

  /** Where an optimiser ends. */
  static final Tolerance OPTIMUM = new Tolerance(1e-4, 0);

  /** The deviation of a number; infinite where exactly one of the two is finite or one is NaN. */
  Deviation deviation(double actual, double expected) {
    double limit = absolute + relative * Math.abs(expected);
    if (Double.isInfinite(expected)) {
      return new Deviation(actual == expected ? 0 : Double.POSITIVE_INFINITY, absolute);
    }
    double error = Math.abs(actual - expected);
    return new Deviation(Double.isNaN(error) ? Double.POSITIVE_INFINITY : error, limit);
  }
}
