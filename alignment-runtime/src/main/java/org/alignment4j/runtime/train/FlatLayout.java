package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.apiguardian.api.API;

/**
 * Where each trained tensor lies in one or more flat float buffers. Every tensor starts at a
 * multiple of 16 floats (one cache line) and lies in one buffer whole. Parameters, gradients and
 * optimiser moments share one layout. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FlatLayout {
  /** Alignment of every tensor, in floats. */
  public static final int ALIGNMENT = 16;

  /** Longest buffer below 2 GiB, with room to align its start. */
  static final int MAX_FLOATS = (Integer.MAX_VALUE - 64) / Float.BYTES / ALIGNMENT * ALIGNMENT;

  /**
   * Place of one tensor.
   *
   * @param name its name in the checkpoint
   * @param shape its dimensions, row major
   * @param buffer index of the flat buffer
   * @param offset first float in that buffer, a multiple of 16
   * @param size number of floats
   */
  public record Slot(String name, List<Integer> shape, int buffer, int offset, int size) {
    public Slot {
      shape = List.copyOf(shape);
    }
  }

  private final Map<String, Slot> slots;
  private final int[] sizes;

  private FlatLayout(Map<String, Slot> slots, int[] sizes) {
    this.slots = slots;
    this.sizes = sizes;
  }

  /**
   * Lays out tensors in order.
   *
   * @param shapes dimensions by name, in the order to store them
   * @return the layout
   * @throws IllegalArgumentException when a dimension is not positive or a tensor has 2 GiB or more
   */
  public static FlatLayout of(Map<String, List<Integer>> shapes) {
    return of(shapes, MAX_FLOATS);
  }

  static FlatLayout of(Map<String, List<Integer>> shapes, int maxFloats) {
    Map<String, Slot> slots = new LinkedHashMap<>();
    List<Integer> sizes = new ArrayList<>();
    int used = 0;
    for (Map.Entry<String, List<Integer>> entry : shapes.entrySet()) {
      int size = size(entry.getKey(), entry.getValue(), maxFloats);
      int padded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      if (used > maxFloats - padded) {
        sizes.add(used);
        used = 0;
      }
      slots.put(
          entry.getKey(), new Slot(entry.getKey(), entry.getValue(), sizes.size(), used, size));
      used += padded;
    }
    if (used > 0) {
      sizes.add(used);
    }
    return new FlatLayout(slots, sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  static List<Integer> dimensions(WeightTensor tensor) {
    return LongStream.of(tensor.shape()).mapToObj(Math::toIntExact).toList();
  }

  private static int size(String name, List<Integer> shape, int maxFloats) {
    long size = 1;
    for (int dimension : shape) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "dimensions of " + name + " must be positive but were " + shape);
      }
      size = Math.min(size * dimension, Integer.MAX_VALUE);
    }
    if (size > maxFloats) {
      throw new IllegalArgumentException(
          "a trained tensor must have at most "
              + maxFloats
              + " elements but "
              + name
              + " has shape "
              + shape
              + "; freeze it, or train an adapter, of a lower rank where it is one");
    }
    return (int) size;
  }

  /**
   * Returns the tensors in order.
   *
   * @return their places
   */
  public List<Slot> slots() {
    return List.copyOf(slots.values());
  }

  /**
   * Returns the place of one tensor.
   *
   * @param name its name
   * @return its place
   * @throws IllegalArgumentException when there is no such tensor
   */
  public Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("name must be a trained tensor but was " + name);
    }
    return slot;
  }

  /**
   * Returns how many flat buffers there are.
   *
   * @return at least 1 unless nothing is trained
   */
  public int buffers() {
    return sizes.length;
  }

  /**
   * Returns the length of a flat buffer.
   *
   * @param buffer its index
   * @return floats, padding included
   */
  public int bufferSize(int buffer) {
    return sizes[buffer];
  }

  /**
   * Returns the number of trained parameters.
   *
   * @return floats without padding
   */
  public long parameterCount() {
    return slots.values().stream().mapToLong(Slot::size).sum();
  }
}
