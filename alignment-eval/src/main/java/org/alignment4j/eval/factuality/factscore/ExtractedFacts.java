package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * What a sentence states.
 *
 * @param facts atomic facts, in order; none when it states none
 * @param usage what it cost to find them
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ExtractedFacts(List<String> facts, Usage usage) {

  /** Checks that nothing is missing, and copies. */
  public ExtractedFacts {
    facts = List.copyOf(facts);
    Objects.requireNonNull(usage, "usage");
  }
}
