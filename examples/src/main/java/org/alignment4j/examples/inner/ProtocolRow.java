package org.alignment4j.examples.inner;

import java.util.Objects;
import org.alignment4j.eval.inner.PairedGap;

/**
 * What a protocol came to on a model.
 *
 * @param protocol the protocol
 * @param model the model
 * @param first what the first of the two figures is
 * @param second what the second is
 * @param gap the figures, first minus second, and what a comparison of this size could have found
 */
public record ProtocolRow(
    String protocol, String model, String first, String second, PairedGap gap) {

  /** Checks that nothing is missing. */
  public ProtocolRow {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    Objects.requireNonNull(gap, "gap");
  }
}
