package org.alignment4j.runtime.hook;

import com.google.common.hash.Hasher;
import java.nio.FloatBuffer;
import org.alignment4j.api.hook.Values;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.Tensor;

/**
 * A matrix that an edit multiplies by, in native memory of its own, which runs read without a copy.
 * Never changed.
 *
 * @param rows its first size
 * @param columns its second size
 * @param data row-major
 */
record EditMatrix(int rows, int columns, FloatBuffer data) {

  /** A copy of a matrix. */
  static EditMatrix of(Values values) {
    int[] shape = values.shape();
    return new EditMatrix(shape[0], shape[1], NativeMemory.floats(values.toArray()));
  }

  /** A tensor for a graph; the caller closes it. */
  Tensor tensor(OrtRuntime runtime) {
    return Tensor.of(runtime, data.duplicate(), rows, columns);
  }

  /** Adds the numbers. */
  void identify(Hasher hasher) {
    hasher.putInt(rows).putInt(columns);
    for (int i = 0; i < data.limit(); i++) {
      hasher.putFloat(data.get(i));
    }
  }
}
