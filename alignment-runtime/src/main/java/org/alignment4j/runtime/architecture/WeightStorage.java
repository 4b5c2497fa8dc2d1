package org.alignment4j.runtime.architecture;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.alignment4j.runtime.checkpoint.BlockFormat;

/**
 * In which form graphs read the parameters. Immutable and thread-safe.
 *
 * @param quantised how those that are quantised are kept, by name; all others are float32
 * @param packed whether the quantised ones are given when a graph is compiled, in the form its
 *     kernels multiply fastest, rather than with every run
 */
public record WeightStorage(Map<String, BlockFormat> quantised, boolean packed) {

  public WeightStorage {
    // In the order of the names: Map.copyOf's differs between processes, and so would ids.
    quantised = Collections.unmodifiableMap(new TreeMap<>(quantised));
  }

  /** Everything in float32. */
  public static WeightStorage floats() {
    return new WeightStorage(Map.of(), false);
  }
}
