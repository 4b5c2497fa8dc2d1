package org.alignment4j.runtime.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.alignment4j.api.ModelExecutionException;

/**
 * Native memory in native byte order, zeroed, aligned to 64 bytes, and freed when nothing refers to
 * it or to a view of it.
 */
public final class NativeMemory {

  private static final int ALIGNMENT = 64;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 2 * ALIGNMENT;

  /** Most floats of one buffer. */
  public static final int MAX_FLOATS = MAX_BYTES / Float.BYTES;

  private NativeMemory() {}

  /**
   * Bytes.
   *
   * @throws ModelExecutionException if the budget of native memory does not allow it
   */
  public static ByteBuffer bytes(long size) {
    if (size < 0 || size > MAX_BYTES) {
      throw new IllegalArgumentException(
          "one buffer must hold between 0 and 2 GiB but " + size + " bytes were asked for");
    }
    try {
      return ByteBuffer.allocateDirect((int) size + 2 * ALIGNMENT)
          .alignedSlice(ALIGNMENT)
          .slice(0, (int) size)
          .order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw new ModelExecutionException(
          "not enough native memory for "
              + (size >> 20)
              + " MiB; raise -XX:MaxDirectMemorySize or lower the batch size",
          e);
    }
  }

  /**
   * Checks that one buffer can hold numbers before they are computed.
   *
   * @param count how many floats
   * @param what their name in the message, with what decides how many they are
   * @param remedy what to do
   * @throws ModelExecutionException if it cannot
   */
  public static void requireFloats(long count, String what, String remedy) {
    require(count, Float.BYTES, what, remedy);
  }

  /**
   * Checks that one buffer can hold elements before they are computed.
   *
   * @param count how many
   * @param bytes of each
   * @param what their name in the message, with what decides how many they are
   * @param remedy what to do
   * @throws ModelExecutionException if it cannot
   */
  public static void require(long count, int bytes, String what, String remedy) {
    if (count > MAX_BYTES / bytes) {
      throw new ModelExecutionException(
          "%s must have at most %s elements, what one buffer holds, but would have %s; %s"
              .formatted(what, MAX_BYTES / bytes, count, remedy));
    }
  }

  /** Floats, all zero. */
  public static FloatBuffer floats(long count) {
    return bytes(Math.multiplyExact(count, 4L)).asFloatBuffer();
  }

  /** A copy of an array. */
  public static FloatBuffer floats(float[] data) {
    return floats((long) data.length).put(data).flip();
  }

  /** A copy of an array. */
  public static LongBuffer longs(long[] data) {
    return bytes(8L * data.length).asLongBuffer().put(data).flip();
  }
}
