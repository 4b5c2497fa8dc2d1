package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.List;
import org.alignment4j.runtime.train.StateTensor;

/**
 * The running mean {@code t ← (1 − r)·t + r·smallest kept} of a selection over batches, in two
 * floats whose sum has the digits that one would lose. Mutable.
 */
final class BatchThreshold {
  private final float[] parts = new float[2];

  double value() {
    return (double) parts[0] + parts[1];
  }

  /** Hears of a batch; one that kept nothing changes nothing. */
  void update(double smallestKept, double rate) {
    if (!Double.isNaN(smallestKept)) {
      double value = (1 - rate) * value() + rate * smallestKept;
      parts[0] = (float) value;
      parts[1] = (float) (value - parts[0]);
    }
  }

  StateTensor tensor() {
    return new StateTensor("threshold", List.of(FloatBuffer.wrap(parts)));
  }
}
