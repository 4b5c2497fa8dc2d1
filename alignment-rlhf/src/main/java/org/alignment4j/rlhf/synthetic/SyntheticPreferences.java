package org.alignment4j.rlhf.synthetic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.api.provenance.Traceable;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;

/**
 * Assumed preferences, and what became of the answers on the way.
 *
 * @param pairs the pairs that were believed, prompt after prompt, each in the assumed order
 * @param responses answers sampled
 * @param droppedResponses answers left out, by the reason of the first filter that did
 * @param droppedPairs pairs left out, by the reason of the first filter that did
 * @param promptsWithoutPair prompts of which no pair is left
 * @param provenance where the pairs come from
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SyntheticPreferences(
    List<SyntheticPair> pairs,
    int responses,
    Map<String, Integer> droppedResponses,
    Map<String, Integer> droppedPairs,
    int promptsWithoutPair,
    Provenance provenance)
    implements Traceable {

  /** Copies. */
  public SyntheticPreferences {
    pairs = List.copyOf(pairs);
    droppedResponses = Collections.unmodifiableMap(new LinkedHashMap<>(droppedResponses));
    droppedPairs = Collections.unmodifiableMap(new LinkedHashMap<>(droppedPairs));
    Objects.requireNonNull(provenance, "provenance");
  }

  /**
   * Returns the pairs as labels, such as for a reward model.
   *
   * @return one label a pair, whose annotator names the assumption
   */
  public List<PreferencePair> preferences() {
    return pairs.stream().map(SyntheticPair::preference).toList();
  }
}
