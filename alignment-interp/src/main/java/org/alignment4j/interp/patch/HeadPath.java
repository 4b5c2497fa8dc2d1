package org.alignment4j.interp.patch;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Where a direct path between heads ends.
 *
 * @param port which input of the receiving head
 * @param layer its layer, from 0
 * @param head the head, from 0; for keys and values a key and value head
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadPath(Port port, int layer, int head) {

  /** An input of an attention head. */
  public enum Port {
    /** What its queries read. */
    QUERY,
    /** What its keys read. */
    KEY,
    /** What its values read. */
    VALUE
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when layer or head is negative
   */
  public HeadPath {
    Objects.requireNonNull(port, "port");
    if (layer < 0 || head < 0) {
      throw new IllegalArgumentException(
          "layer and head must not be negative but were " + layer + " and " + head);
    }
  }

  /** Such as {@code L1H3's queries}. */
  @Override
  public String toString() {
    return "L"
        + layer
        + "H"
        + head
        + switch (port) {
          case QUERY -> "'s queries";
          case KEY -> "'s keys";
          case VALUE -> "'s values";
        };
  }
}
