package org.alignment4j.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Single blocks of a {@link BlockFormat}. */
final class BlockCodec {

  private BlockCodec() {}

  /**
   * The scale of a block; 0 where all levels are to be that of zero.
   *
   * @param values finite
   * @param count how many of them there are
   */
  static float scale(BlockFormat format, float[] values, int count) {
    float most = 0;
    float low = 0;
    float high = 0;
    for (int i = 0; i < count; i++) {
      float v = values[i];
      most = Math.abs(v) > Math.abs(most) ? v : most;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    int zero = format.zero();
    float scale = (float) (most / -(double) zero);
    float other = most > 0 ? low : high;
    if (Math.rint((double) other / scale) >= zero) {
      scale = (float) (Math.abs((double) most) / (zero - 1));
    }
    return Math.abs(scale) < Float.MIN_NORMAL ? 0 : scale;
  }

  /** Writes the levels of a block; those from {@code count} on are levels of zero. */
  static void encode(
      BlockFormat format, float[] values, int count, float scale, ByteBuffer levels, int block) {
    int at = block * format.blockBytes();
    int zero = format.zero();
    if (format.bits() == 8) {
      for (int i = 0; i < format.blockSize(); i++) {
        levels.put(at + i, (byte) (i < count ? level(values[i], scale, zero) : zero));
      }
      return;
    }
    for (int i = 0; i < format.blockSize(); i += 2) {
      int low = i < count ? level(values[i], scale, zero) : zero;
      int high = i + 1 < count ? level(values[i + 1], scale, zero) : zero;
      levels.put(at + i / 2, (byte) (high << 4 | low));
    }
  }

  private static int level(float value, float scale, int zero) {
    return scale == 0 ? zero : zero + (int) Math.rint((double) value / scale);
  }

  /** Reads a whole block. */
  static void decode(
      BlockFormat format, ByteBuffer levels, FloatBuffer scales, int block, float[] values) {
    int at = block * format.blockBytes();
    float scale = scales.get(block);
    int zero = format.zero();
    for (int i = 0; i < format.blockSize(); i++) {
      int level =
          format.bits() == 8
              ? levels.get(at + i) & 0xff
              : levels.get(at + i / 2) >> (i % 2 * 4) & 0xf;
      values[i] = scale * (level - zero);
    }
  }
}
