package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** One float of state for each parameter, zero at first; 4 bytes a parameter on the heap. */
final class BlockFloats {
  private final Blocks blocks;
  private final float[][] values;

  BlockFloats(Blocks blocks) {
    this.blocks = blocks;
    this.values = new float[blocks.count()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new float[blocks.length(i)];
    }
  }

  float[] of(int block) {
    return values[block];
  }

  /** The state of one flat buffer, to be saved as {@code name.buffer}. */
  StateTensor state(String name, int buffer) {
    return new StateTensor(
        name + "." + buffer,
        Arrays.stream(values, blocks.first(buffer), blocks.first(buffer + 1))
            .map(FloatBuffer::wrap)
            .toList());
  }
}
