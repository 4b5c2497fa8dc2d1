package org.alignment4j.benchmarks;

import java.nio.FloatBuffer;
import org.alignment4j.runtime.train.FlatLayout.Slot;
import org.alignment4j.runtime.train.FlatParameters;

/** What contenders of this library tell of their gradients. */
final class EngineGradients {

  static final String ENGINE = "alignment4j";

  private EngineGradients() {}

  /** Their Euclidean norm, summed in double precision. */
  static double norm(FlatParameters gradients) {
    double sum = 0;
    for (int i = 0; i < gradients.layout().buffers(); i++) {
      FloatBuffer buffer = gradients.buffer(i);
      for (int j = 0; j < buffer.limit(); j++) {
        sum += (double) buffer.get(j) * buffer.get(j);
      }
    }
    return Math.sqrt(sum);
  }

  static void each(FlatParameters gradients, GradientFiles.Sink sink) {
    for (Slot slot : gradients.layout().slots()) {
      sink.accept(slot.name(), gradients.slice(slot.name()));
    }
  }
}
