package org.alignment4j.interp.head;

import org.apiguardian.api.API;

/**
 * An attention head.
 *
 * @param layer its layer, from 0
 * @param head its place within the layer, from 0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadId(int layer, int head) implements Comparable<HeadId> {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public HeadId {
    if (layer < 0 || head < 0) {
      throw new IllegalArgumentException(
          "layer and head must not be negative but were " + layer + " and " + head);
    }
  }

  /** By layer, then by place. */
  @Override
  public int compareTo(HeadId other) {
    int byLayer = Integer.compare(layer, other.layer);
    return byLayer == 0 ? Integer.compare(head, other.head) : byLayer;
  }

  /** As papers write it, such as {@code L5H1}. */
  @Override
  public String toString() {
    return "L" + layer + "H" + head;
  }
}
