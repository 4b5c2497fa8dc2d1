package org.alignment4j.benchmarks;

import java.nio.FloatBuffer;
import org.alignment4j.runtime.train.FlatParameters;

/** The Euclidean norm of gradients, summed in double precision. */
final class GradientNorm {

  private GradientNorm() {}

  static double of(FlatParameters gradients) {
    double sum = 0;
    for (int i = 0; i < gradients.layout().buffers(); i++) {
      FloatBuffer buffer = gradients.buffer(i);
      for (int j = 0; j < buffer.limit(); j++) {
        sum += (double) buffer.get(j) * buffer.get(j);
      }
    }
    return Math.sqrt(sum);
  }
}
