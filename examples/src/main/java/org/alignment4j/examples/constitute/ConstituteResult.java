package org.alignment4j.examples.constitute;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;

/**
 * What a run found.
 *
 * @param greedy how each model replies greedily: as it was, after supervised fine-tuning, after DPO
 * @param sampled the same at temperature 1
 * @param supervision how often the supervisor was right, by name
 * @param counts what was made, by name
 */
record ConstituteResult(
    List<Conduct> greedy,
    List<Conduct> sampled,
    Map<String, Estimate> supervision,
    Map<String, Integer> counts) {
  /** Checks and copies. */
  ConstituteResult {
    greedy = List.copyOf(greedy);
    sampled = List.copyOf(sampled);
    supervision = Collections.unmodifiableMap(new LinkedHashMap<>(supervision));
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }
}
