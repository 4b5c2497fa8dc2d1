package org.alignment4j.runtime.onnx;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.session.OnnxSession;
import org.alignment4j.runtime.session.Port;
import org.jspecify.annotations.Nullable;

/** Checks the inputs and outputs of a model, and says what is wrong with one. */
final class Faults {

  private final OnnxSession session;

  Faults(OnnxSession session) {
    this.session = session;
  }

  /** An input of whole numbers {@code [batch, columns]} that must be there. */
  Port integers(String name) {
    return Objects.requireNonNull(integers(name, true));
  }

  /** An input of whole numbers {@code [batch, columns]}, or null where it may be missing. */
  @Nullable Port optionalIntegers(String name) {
    return integers(name, false);
  }

  private @Nullable Port integers(String name, boolean required) {
    Port port = session.inputs().get(name);
    if (port == null) {
      if (required) {
        throw error(
            "a model must have the input '%s' but has %s"
                .formatted(name, session.inputs().keySet()));
      }
      return null;
    }
    requireSizes("input", port);
    if (!port.element().isInteger() || port.rank() != 2) {
      throw error(
          "input '%s' must be INT64 or INT32 and [batch, columns] but is %s".formatted(name, port));
    }
    return port;
  }

  /** Refuses inputs that nothing is known to feed. */
  void refuseOthers(Collection<String> known) {
    List<String> others =
        session.inputs().keySet().stream().filter(n -> !known.contains(n)).toList();
    if (!others.isEmpty()) {
      throw error("inputs must be among %s but there are also %s".formatted(known, others));
    }
  }

  /** An output of real numbers. */
  Port reals(String name, int rank) {
    Port port = session.outputs().get(name);
    if (port == null) {
      throw error(
          "a model must have the output '%s' but has %s"
              .formatted(name, session.outputs().keySet()));
    }
    requireSizes("output", port);
    if (!port.element().isReal() || port.rank() != rank) {
      throw error(
          "output '%s' must be FLOAT, FLOAT16 or BFLOAT16 with %s dimensions but is %s"
              .formatted(name, rank, port));
    }
    return port;
  }

  /** Refuses sizes that no array has. */
  void requireSizes(String kind, Port port) {
    for (int axis = 0; axis < port.rank(); axis++) {
      if (port.size(axis) > Integer.MAX_VALUE) {
        throw error(
            "%s '%s' must have sizes up to %s but is %s"
                .formatted(kind, port.name(), Integer.MAX_VALUE, port));
      }
    }
  }

  /** A failure that names the file. */
  CheckpointException error(String problem) {
    return new CheckpointException(
        problem
            + " ("
            + session.file()
            + "); export the model with Optimum, task text-generation-with-past or"
            + " text-classification");
  }
}
