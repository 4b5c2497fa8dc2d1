package org.alignment4j.examples.conformance;

import java.nio.FloatBuffer;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;

/** Values of reference tensors. */
final class ReferenceTensors {

  private ReferenceTensors() {}

  /** A tensor's values, row major. */
  static double[] read(SafetensorsFile file, String name) {
    return doubles(file.read(name).data());
  }

  /** What remains of a buffer; its position is left as it is. */
  static double[] doubles(FloatBuffer buffer) {
    FloatBuffer values = buffer.duplicate();
    double[] all = new double[values.remaining()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get();
    }
    return all;
  }
}
