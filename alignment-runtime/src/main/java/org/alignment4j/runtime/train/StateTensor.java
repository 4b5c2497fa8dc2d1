package org.alignment4j.runtime.train;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A named vector of floats or of bytes that a checkpoint keeps, in memory that may be scattered.
 *
 * @param name unique within a checkpoint file
 * @param parts its elements in order, each part from position 0 to its limit; writable views, all
 *     of them {@code FloatBuffer}s or all of them {@code ByteBuffer}s
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StateTensor(String name, List<? extends Buffer> parts) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException when they are neither all floats nor all bytes
   */
  public StateTensor {
    parts = List.copyOf(parts);
    if (!parts.stream().allMatch(FloatBuffer.class::isInstance)
        && !parts.stream().allMatch(ByteBuffer.class::isInstance)) {
      throw new IllegalArgumentException(
          "parts must be all floats or all bytes but those of " + name + " were " + parts);
    }
  }

  /**
   * Views all elements of trained parameters, padding included.
   *
   * @param name prefix of the names; the index of the flat buffer follows
   * @param parameters what to view
   * @return one entry per flat buffer
   */
  public static List<StateTensor> of(String name, FlatParameters parameters) {
    return java.util.stream.IntStream.range(0, parameters.layout().buffers())
        .mapToObj(i -> new StateTensor(name + "." + i, List.of(parameters.buffer(i))))
        .toList();
  }

  /**
   * Returns the number of elements.
   *
   * @return floats or bytes over all parts
   */
  public long size() {
    return parts.stream().mapToLong(Buffer::limit).sum();
  }

  /** The safetensors type of its elements; a vector without parts is one of floats. */
  String dtype() {
    return isBytes() ? "U8" : "F32";
  }

  /** Bytes that all elements take in a file. */
  long byteCount() {
    return isBytes() ? size() : size() * Float.BYTES;
  }

  private boolean isBytes() {
    return !parts.isEmpty() && parts.get(0) instanceof ByteBuffer;
  }
}
