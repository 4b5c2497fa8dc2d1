package org.alignment4j.runtime.train;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * One number for each element of a tensor, in 8 bits and a scale for each block: the largest
 * magnitude of the block times a number of the map. Zero at first. Blocks are independent, so
 * threads may work on different ones.
 */
final class QuantisedMoments {
  private final DynamicMap map;
  private final int blockSize;
  private final byte[] codes;
  private final float[] scales;

  QuantisedMoments(DynamicMap map, int blockSize, int size) {
    this.map = map;
    this.blockSize = blockSize;
    this.codes = new byte[size];
    this.scales = new float[(size + blockSize - 1) / blockSize];
    Arrays.fill(codes, map.nearest(0));
  }

  /** Reads elements from {@code start}, a multiple of the block size, on. */
  void read(int start, float[] to, int length) {
    for (int from = 0; from < length; from += blockSize) {
      float scale = scales[(start + from) / blockSize];
      int end = Math.min(from + blockSize, length);
      for (int i = from; i < end; i++) {
        to[i] = map.value(codes[start + i]) * scale;
      }
    }
  }

  /**
   * Keeps elements from {@code start} on; they are whole blocks but for the tensor's last.
   *
   * @param keepPositive whether a positive number is rounded up where it would become 0
   */
  void write(int start, float[] values, int length, boolean keepPositive) {
    byte least = map.nearest(Float.MIN_NORMAL);
    byte next = (byte) (least + 1);
    for (int from = 0; from < length; from += blockSize) {
      int end = Math.min(from + blockSize, length);
      float scale = 0;
      for (int i = from; i < end; i++) {
        scale = Math.max(scale, Math.abs(values[i]));
      }
      // An overflown second moment must not make those beside it 0·∞.
      scale = Math.min(scale, Float.MAX_VALUE);
      scales[(start + from) / blockSize] = scale;
      float divisor = scale == 0 ? 1 : scale;
      for (int i = from; i < end; i++) {
        byte code = map.nearest(values[i] / divisor);
        codes[start + i] = keepPositive && code == least && values[i] > 0 ? next : code;
      }
    }
  }

  /** The state as {@code name.codes.tensor} and {@code name.scales.tensor}. */
  List<StateTensor> state(String name, String tensor) {
    return List.of(
        new StateTensor(name + ".codes." + tensor, List.of(ByteBuffer.wrap(codes))),
        new StateTensor(name + ".scales." + tensor, List.of(FloatBuffer.wrap(scales))));
  }
}
