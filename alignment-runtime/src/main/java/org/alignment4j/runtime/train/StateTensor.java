package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A named vector of floats that a checkpoint keeps, in memory that may be scattered.
 *
 * @param name unique within a checkpoint file
 * @param parts its elements in order, each part from position 0 to its limit; writable views
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StateTensor(String name, List<FloatBuffer> parts) {
  public StateTensor {
    parts = List.copyOf(parts);
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
   * @return floats over all parts
   */
  public long size() {
    return parts.stream().mapToLong(FloatBuffer::limit).sum();
  }
}
