package org.alignment4j.runtime.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.alignment4j.api.CheckpointException;

/** Direct float buffers in native byte order. */
final class NativeFloats {

  private NativeFloats() {}

  /**
   * Allocates a zeroed buffer.
   *
   * @param name the tensor it is for, for the message
   * @param size number of floats
   * @throws CheckpointException if the direct memory of the process is used up
   */
  static FloatBuffer allocate(String name, int size) {
    int bytes = Math.multiplyExact(size, Float.BYTES);
    try {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    } catch (OutOfMemoryError e) {
      throw new CheckpointException(
          "native memory must hold the "
              + bytes
              + " bytes of '"
              + name
              + "' but is used up ("
              + e.getMessage()
              + "); raise -XX:MaxDirectMemorySize (default: the heap limit -Xmx) or load a float32"
              + " checkpoint, which is used in place",
          e);
    }
  }
}
