package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import org.alignment4j.runtime.session.NativeMemory;

/**
 * Rows to learn from: inputs {@code [n, d]} and targets {@code [n, dOut]} in native memory, the
 * same memory for an autoencoder. Filled by its owner between losses.
 */
final class SaeBatch {
  private final int rows;
  private final int inputSize;
  private final int outputSize;
  private final FloatBuffer inputs;
  private final FloatBuffer targets;

  private SaeBatch(
      int rows, int inputSize, int outputSize, FloatBuffer inputs, FloatBuffer targets) {
    this.rows = rows;
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.inputs = inputs;
    this.targets = targets;
  }

  static SaeBatch allocate(SaeDesign design, int rows) {
    FloatBuffer inputs = NativeMemory.floats((long) rows * design.inputSize());
    return new SaeBatch(
        rows,
        design.inputSize(),
        design.outputSize(),
        inputs,
        design.transcodes() ? NativeMemory.floats((long) rows * design.outputSize()) : inputs);
  }

  int rows() {
    return rows;
  }

  int inputSize() {
    return inputSize;
  }

  int outputSize() {
    return outputSize;
  }

  FloatBuffer inputs() {
    return inputs.duplicate();
  }

  FloatBuffer targets() {
    return targets.duplicate();
  }
}
