package org.alignment4j.interp.discovery;

import java.util.Locale;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Where a part of a decoder reads the residual stream.
 *
 * @param kind which input
 * @param layer the layer, from 0; -1 for the logits
 * @param head the head, from 0, a key and value head for keys and values; -1 without heads
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Port(Kind kind, int layer, int head) {

  /** A kind of input. */
  public enum Kind {
    /** What a head's queries read. */
    QUERY,
    /** What the keys of a key and value head read. */
    KEY,
    /** What the values of a key and value head read. */
    VALUE,
    /** What an MLP reads. */
    MLP,
    /** What the final norm reads. */
    LOGITS
  }

  /** Checks that nothing is missing. */
  public Port {
    Objects.requireNonNull(kind, "kind");
  }

  /** Returns the place as EAP-IG writes it, such as {@code a3.h1<q>}. */
  @Override
  public String toString() {
    return switch (kind) {
      case MLP -> "m" + layer;
      case LOGITS -> "logits";
      default ->
          "a"
              + layer
              + ".h"
              + head
              + "<"
              + kind.name().substring(0, 1).toLowerCase(Locale.ROOT)
              + ">";
    };
  }
}
