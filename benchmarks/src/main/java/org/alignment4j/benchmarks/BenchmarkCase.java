package org.alignment4j.benchmarks;

import java.util.Locale;

/**
 * What is trained.
 *
 * @param lora whether adapters of rank 16 on every linear layer are trained over frozen weights,
 *     instead of all weights
 */
record BenchmarkCase(GptShape shape, boolean lora) {

  static final int LORA_RANK = 16;

  /** {@code S}, {@code M}, {@code S-LORA} or {@code M-LORA}. */
  static BenchmarkCase parse(String name) {
    String shape = name.toUpperCase(Locale.ROOT).replace("-LORA", "");
    return switch (shape) {
      case "S" -> new BenchmarkCase(GptShape.small(), name.length() > 1);
      case "M" -> new BenchmarkCase(GptShape.medium(), name.length() > 1);
      default ->
          throw new IllegalArgumentException(
              "A case is S, M, S-LORA or M-LORA; got '" + name + "'.");
    };
  }

  String name() {
    return shape.name() + (lora ? "-LORA" : "");
  }
}
