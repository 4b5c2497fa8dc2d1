package org.alignment4j.runtime.train;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.apiguardian.api.API;

/**
 * Where adapter settings start: {@code Lora.rank(16).alpha(32).targets(Part.QUERY, Part.VALUE)}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Lora {
  static final Set<Part> LINEAR_PARTS =
      Set.copyOf(
          EnumSet.of(
              Part.QUERY,
              Part.KEY,
              Part.VALUE,
              Part.QKV,
              Part.OUTPUT,
              Part.GATE,
              Part.UP,
              Part.GATE_UP,
              Part.DOWN));

  /** Those, and the router of experts, which is adapted only when it is named. */
  static final Set<Part> ADAPTABLE_PARTS =
      Stream.concat(LINEAR_PARTS.stream(), Stream.of(Part.ROUTER))
          .collect(Collectors.toUnmodifiableSet());

  private Lora() {}

  /**
   * Returns settings with alpha twice the rank, every linear of every block, and seed 0.
   *
   * @param rank columns of B, at least 1
   * @return the settings
   * @throws IllegalArgumentException when the rank is below 1
   */
  public static LoraConfig rank(int rank) {
    return new LoraConfig(rank, 2.0 * rank, LINEAR_PARTS, false, 0);
  }
}
